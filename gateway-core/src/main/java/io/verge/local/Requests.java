package io.verge.local;

import io.verge.local.Request.Unreadable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What each word means; local thread only. */
final class Requests {
  /** Lists of the past that one request may ask for. */
  static final int MOST_MAX = 10_000;

  /** A week: a lamp that should burn longer belongs into the plan. */
  static final long FOR_MAX_MS = 7L * 24 * 3_600_000;

  /** Ten years: no card holds more. */
  static final long AGE_MAX_MS = 3_660L * 24 * 3_600_000;

  /** Nine digits of cubic metres. */
  private static final long LITRES_MAX = 999_999_999_999L;

  private static final long MM_MAX = 100_000;

  /** The longest poll of one device with retries is far below. */
  static final long ANSWER_NANOS = 60_000_000_000L;

  private static final int WHY_MAX = 500;
  private static final long ASSETS_MAX = 1_000_000;
  private static final String WHO = "[\\w.@:-]{1,64}";

  /** Takes the answer that came from another thread back to the local thread. */
  interface Courier {
    void deliver(Caller caller, long id, Reply reply);
  }

  private final Desk desk;
  private final Courier courier;
  private final Runnable wake;

  Requests(Desk desk, Courier courier, Runnable wake) {
    this.desk = desk;
    this.courier = courier;
    this.wake = wake;
  }

  void handle(Caller caller, Request request, long nowNanos) throws Unreadable {
    long id = request.id();
    switch (request.word()) {
      case "status" -> caller.answer(id, desk.status());
      case "buffer" -> caller.answer(id, desk.buffer());
      case "uplinks" -> open(caller, id, () -> Feed.of(id, desk.uplinks()));
      case "points" -> points(caller, request);
      case "commands" -> {
        int most = most(request);
        open(caller, id, () -> Feed.of(id, desk.commands(most)));
      }
      case "events" -> events(caller, request);
      case "watch" -> watch(caller, request);
      case "trace" -> trace(caller, request);
      case "history" -> history(caller, request);
      case "read" -> {
        String target = target(request);
        later(caller, id, nowNanos, answer -> desk.read(target, answer));
      }
      case "lamp" -> {
        String target = target(request);
        long level = request.number("level", 0, 100);
        long forMs = request.has("for_ms") ? request.number("for_ms", 0, FOR_MAX_MS) : 0;
        later(caller, id, nowNanos, answer -> desk.lamp(target, level, forMs, answer));
      }
      case "release" -> {
        String target = target(request);
        later(caller, id, nowNanos, answer -> desk.release(target, answer));
      }
      case "calibrate" -> {
        String target = target(request);
        Map<String, Object> args = distances(request);
        later(caller, id, nowNanos, answer -> desk.adjust(target, "calibrate", args, answer));
      }
      case "set-total" -> {
        String target = target(request);
        Map<String, Object> args = Map.of("litres", request.number("litres", 0, LITRES_MAX));
        later(caller, id, nowNanos, answer -> desk.adjust(target, "set-total", args, answer));
      }
      case "resend" -> {
        String uplink = request.has("uplink") ? request.text("uplink") : null;
        String lane = request.text("lane");
        long first = request.number("first", 1, Long.MAX_VALUE);
        long last = request.number("last", first, Long.MAX_VALUE);
        later(caller, id, nowNanos, answer -> desk.resend(uplink, lane, first, last, answer));
      }
      case "configs" -> open(caller, id, () -> Feed.of(id, desk.configs()));
      case "config-text" -> {
        long number = request.has("number") ? request.number("number", 0, Integer.MAX_VALUE) : 0;
        later(caller, id, nowNanos, answer -> answer.accept(desk.configText(number)));
      }
      case "commissioned" -> {
        Commissioned test = commissioned(caller.who(), request);
        later(caller, id, nowNanos, answer -> answer.accept(desk.commissioned(test)));
      }
      case "system-updated" -> {
        SystemUpdated update = systemUpdated(request);
        later(caller, id, nowNanos, answer -> answer.accept(desk.systemUpdated(update)));
      }
      case "config" -> {
        ConfigChange change = change(caller.who(), request);
        later(caller, id, nowNanos, answer -> desk.config(change, answer));
      }
      default ->
          throw new Unreadable(id, Protocol.UNKNOWN_DO, "this gateway knows no such request");
    }
  }

  /**
   * {@code empty} and {@code full} are whole mm, or absent; {@code measure} names those to measure.
   */
  private static Map<String, Object> distances(Request request) throws Unreadable {
    Map<String, Object> args = new HashMap<>();
    for (String end : List.of("empty", "full")) {
      if (request.has(end)) {
        args.put(end, request.number(end, 1, MM_MAX));
      }
    }
    if (request.has("measure")) {
      String end = request.text("measure");
      if (!List.of("empty", "full").contains(end)) {
        throw new Unreadable(
            request.id(), Protocol.BAD_REQUEST, "\"measure\" is not empty or full");
      }
      args.put(end, "now");
    }
    if (request.flag("forget")) {
      args.put("forget", true);
    }
    return args;
  }

  /** Root says for whom it asks; others are believed to be who the kernel says they are. */
  private static String who(String user, Request request) throws Unreadable {
    String behind = request.has("for") ? request.text("for") : "";
    if (!behind.isEmpty() && !behind.matches(WHO)) {
      throw new Unreadable(request.id(), Protocol.BAD_REQUEST, "for is a user's name");
    }
    return user.isEmpty() || (user.equals("root") && !behind.isEmpty())
        ? "cli:" + behind
        : "cli:" + user;
  }

  private static Commissioned commissioned(String user, Request request) throws Unreadable {
    String sha256 = request.text("sha256");
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new Unreadable(request.id(), Protocol.BAD_REQUEST, "sha256 is 64 hex digits");
    }
    return new Commissioned(
        who(user, request),
        request.number("passed", 0, ASSETS_MAX),
        request.number("failed", 0, ASSETS_MAX),
        request.number("left", 0, ASSETS_MAX),
        sha256);
  }

  private static SystemUpdated systemUpdated(Request request) throws Unreadable {
    String version = request.text("version");
    String outcome = request.text("outcome");
    String why = request.text("why");
    if (!version.matches("[0-9][0-9a-z.+~]{0,39}")
        || !List.of("confirmed", "rolled-back", "interrupted").contains(outcome)
        || why.length() > WHY_MAX) {
      throw new Unreadable(
          request.id(),
          Protocol.BAD_REQUEST,
          "expected version, outcome confirmed, rolled-back or interrupted, why up to " + WHY_MAX);
    }
    return new SystemUpdated(version, outcome, why);
  }

  private static ConfigChange change(String user, Request request) throws Unreadable {
    String op = request.text("op");
    if (!List.of("apply", "confirm", "rollback").contains(op)) {
      throw new Unreadable(request.id(), Protocol.BAD_REQUEST, "op is apply, confirm or rollback");
    }
    String toml = "";
    if (op.equals("apply")) {
      try {
        toml = Packed.unpack(request.text("toml"));
      } catch (IllegalArgumentException e) {
        throw new Unreadable(request.id(), Protocol.BAD_REQUEST, "toml: " + e.getMessage());
      }
    }
    return new ConfigChange(
        op,
        who(user, request),
        "",
        toml,
        request.has("number") ? request.number("number", 0, Integer.MAX_VALUE) : 0,
        request.has("if_version") ? request.number("if_version", 0, Integer.MAX_VALUE) : 0,
        request.has("within_ms")
            ? request.number("within_ms", 1, ConfigChange.WITHIN_MAX_MS)
            : ConfigChange.WITHIN_MS,
        request.flag("by_hand"));
  }

  private static String target(Request request) throws Unreadable {
    request.pattern("target");
    return request.text("target");
  }

  private static int most(Request request) throws Unreadable {
    return request.has("most") ? (int) request.number("most", 0, MOST_MAX) : 100;
  }

  private void points(Caller caller, Request request) throws Unreadable {
    String pattern = null;
    if (request.has("pattern")) {
      request.pattern("pattern");
      pattern = request.text("pattern");
    }
    List<PointView> points = desk.points(pattern);
    if (points.isEmpty() && pattern != null) {
      caller.fail(
          request.id(),
          Protocol.NOT_FOUND,
          "nothing is called " + pattern,
          "All points: verge points");
      return;
    }
    open(caller, request.id(), () -> Feed.of(request.id(), points));
  }

  private void history(Caller caller, Request request) throws Unreadable {
    String target = target(request);
    long since = request.number("since_ms", 1, AGE_MAX_MS);
    long until = request.has("until_ms") ? request.number("until_ms", 0, AGE_MAX_MS) : 0;
    Desk.Past past = desk.history(target, since, until);
    if (past == null) {
      caller.fail(
          request.id(),
          Protocol.NOT_FOUND,
          "there is no point " + target,
          "All points: verge points");
      return;
    }
    open(caller, request.id(), () -> Feed.pulled(request.id(), past, wake));
  }

  private void events(Caller caller, Request request) throws Unreadable {
    int most = most(request);
    long id = request.id();
    if (request.flag("follow")) {
      open(caller, id, () -> Feed.live(id, desk, () -> desk.events(most), ItemView::event, wake));
    } else {
      open(caller, id, () -> Feed.of(id, desk.events(most)));
    }
  }

  private void watch(Caller caller, Request request) throws Unreadable {
    long id = request.id();
    TargetPattern pattern = request.has("pattern") ? request.pattern("pattern") : null;
    open(caller, id, () -> Feed.live(id, desk, List::of, item -> select(item, pattern), wake));
  }

  private void trace(Caller caller, Request request) throws Unreadable {
    long id = request.id();
    String bus = request.text("bus");
    if (!isFree(caller, id)) {
      return;
    }
    Feed feed =
        request.flag("once")
            ? kept(id, bus)
            : Feed.live(id, into -> desk.trace(bus, into::accept), wake);
    if (feed == null) {
      caller.fail(id, Protocol.NOT_FOUND, "no bus is called " + bus, "All buses: verge status");
    } else {
      caller.add(feed);
    }
  }

  /** The frames that are there already, or null: no such bus. */
  private @Nullable Feed kept(long id, String bus) {
    ConcurrentLinkedQueue<FrameView> frames = new ConcurrentLinkedQueue<>();
    Runnable end = desk.trace(bus, frames::add);
    if (end == null) {
      return null;
    }
    end.run();
    return Feed.of(id, List.copyOf(frames));
  }

  /** Part of an item that the pattern means, or null. */
  static @Nullable ItemView select(ItemView item, @Nullable TargetPattern pattern) {
    if (pattern == null) {
      return item;
    }
    SampleView sample = item.sample();
    if (sample != null && pattern.matchesAsset(sample.asset())) {
      List<ReadingView> meant =
          sample.readings().stream().filter(r -> pattern.matchesPoint(r.point())).toList();
      return meant.isEmpty()
          ? null
          : ItemView.of(
              new SampleView(sample.asset(), sample.at(), sample.ageMs(), sample.quality(), meant));
    }
    EventView event = item.event();
    String asset = event == null ? null : event.asset();
    return asset != null && pattern.matchesAsset(asset) ? item : null;
  }

  private interface Opening {
    Feed open();
  }

  private static void open(Caller caller, long id, Opening opening) {
    if (isFree(caller, id)) {
      caller.add(opening.open());
    }
  }

  private void later(Caller caller, long id, long nowNanos, Consumer<Consumer<Reply>> ask) {
    if (isFree(caller, id)) {
      caller.await(id, nowNanos + ANSWER_NANOS);
      ask.accept(reply -> courier.deliver(caller, id, reply));
    }
  }

  private static boolean isFree(Caller caller, long id) {
    if (caller.isOpen(id)) {
      caller.fail(id, Protocol.BAD_REQUEST, "a request with this id is still under way", "");
      return false;
    }
    if (!caller.hasRoom()) {
      caller.fail(
          id, Protocol.BUSY, Caller.OPEN_MAX + " requests are under way on this connection", "");
      return false;
    }
    return true;
  }
}
