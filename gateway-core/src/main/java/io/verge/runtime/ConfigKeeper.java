package io.verge.runtime;

import io.verge.config.ConfigReader;
import io.verge.config.FileTrouble;
import io.verge.config.Problem;
import io.verge.config.SiteConfig;
import io.verge.local.ConfigChange;
import io.verge.local.ConfigText;
import io.verge.local.Protocol;
import io.verge.local.Reply;
import io.verge.local.VersionView;
import io.verge.model.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which configuration runs. Everything but {@link #ask}, {@link #text}, {@link #judged},
 * {@link #readBack}, {@link #trouble} and {@link #history} is the main thread's, which does nothing
 * else while the gateway runs.
 */
final class ConfigKeeper {
  private static final String HISTORY = "verge config history";

  /** People change a configuration one at a time. */
  private static final int ASKS_MAX = 8;

  private record Ask(ConfigChange change, Consumer<Reply> answer) {}

  private final ConfigReader reader;
  private final Path file;
  private final ConfigVersions versions;
  private final LongSupplier utcMs;
  private final BlockingQueue<Ask> asks = new ArrayBlockingQueue<>(ASKS_MAX);
  private volatile List<VersionView> history = List.of();
  private volatile byte[] running = new byte[0];
  private volatile String trouble = "";
  private List<Problem> problems = List.of();
  private boolean unrecorded;
  private String news = "";

  /**
   * @param file what people edit.
   * @param data the folder of the store.
   * @param utcMs milliseconds; 0 while the clock is not trusted.
   */
  ConfigKeeper(ConfigReader reader, Path file, Path data, WholeFiles disk, LongSupplier utcMs)
      throws IOException {
    this.reader = reader;
    this.file = file;
    this.utcMs = utcMs;
    this.versions = ConfigVersions.open(data.resolve("config"), disk);
    this.trouble = versions.damage();
  }

  /**
   * The configuration to start with. An edited file holds; where it can't, what ran last does, and
   * {@link #trouble} tells why. A version that was on trial when the process ended is given back.
   *
   * @return null with {@link #problems} if there is nothing to run.
   */
  @Nullable SiteConfig first() {
    if (versions.trial() != null) {
      giveBack("the gateway ended during the trial");
    }
    byte[] bytes;
    try {
      bytes = ConfigReader.bytes(file);
    } catch (IOException e) {
      return instead(reader.read(file));
    }
    SiteConfig kept = versions.isFile(bytes) ? current() : null;
    if (kept != null) {
      return kept;
    }
    ConfigReader.Result read = reader.read(bytes, file);
    SiteConfig config = read.config();
    if (config == null) {
      return instead(read);
    }
    adopt(bytes);
    running = bytes;
    news = "file";
    tellHistory();
    return config;
  }

  /** Rather an old configuration than a dark street. */
  private @Nullable SiteConfig instead(ConfigReader.Result refused) {
    SiteConfig last = versions.active() == 0 ? null : current();
    problems = refused.problems();
    if (last != null) {
      trouble =
          "version "
              + versions.active()
              + " runs, since "
              + file.getFileName()
              + " has problems, the first: "
              + problems.get(0);
      news = "file-refused";
    }
    return last;
  }

  private void adopt(byte[] bytes) {
    try {
      versions.adoptFile(bytes, origin("file", "", "from " + file.getFileName()));
      unrecorded = false;
    } catch (IOException e) {
      unrecorded = true;
      trouble = "the configuration runs, and is not recorded: " + FileTrouble.why(e);
    }
  }

  /** The active version, or null with {@link #problems} where it does not fit any more. */
  @Nullable SiteConfig current() {
    tellHistory();
    try {
      byte[] text = unrecorded ? running : versions.text(versions.active());
      ConfigReader.Result result = reader.read(text, file);
      problems = result.problems();
      running = text;
      return result.config();
    } catch (IOException e) {
      trouble = FileTrouble.why(e);
      return null;
    }
  }

  List<Problem> problems() {
    return problems;
  }

  /** What a technician should know about the configuration; empty: all is well. Any thread. */
  String trouble() {
    return trouble;
  }

  ConfigIndex.@Nullable Trial trial() {
    return versions.trial();
  }

  long active() {
    return versions.active();
  }

  /** What changed since the last call, as the end of an event's kind; empty: nothing. */
  String takeNews() {
    String told = news;
    news = "";
    return told;
  }

  /**
   * A configuration could not be run.
   *
   * @return whether another one can be tried.
   */
  boolean failed(String why) {
    if (versions.trial() == null) {
      return false;
    }
    giveBack(why);
    return true;
  }

  private void giveBack(String why) {
    news = "returned";
    try {
      versions.giveBack(why);
    } catch (IOException e) {
      trouble = "the return of the configuration is not recorded: " + FileTrouble.why(e);
    }
    tellHistory();
  }

  /** From any thread. */
  void ask(ConfigChange change, Consumer<Reply> answer) {
    if (!asks.offer(new Ask(change, answer))) {
      answer.accept(busy());
    }
  }

  private static Reply busy() {
    return new Reply.Refused(
        Protocol.BUSY, "the configuration is just being changed", HISTORY + ", then try again");
  }

  /** The text of a version, 0: of the one that runs. From any thread. */
  Reply text(long number) {
    if (number == 0) {
      return new Reply.Done(
          new ConfigText(
              history.isEmpty() ? 0 : active(),
              file.toAbsolutePath().toString(),
              new String(running, StandardCharsets.UTF_8)));
    }
    try {
      if (history.stream().anyMatch(view -> view.number() == number)) {
        return new Reply.Done(
            new ConfigText(
                number,
                file.toAbsolutePath().toString(),
                new String(versions.text(number), StandardCharsets.UTF_8)));
      }
    } catch (IOException e) {
      return new Reply.Refused(Protocol.FAILED, FileTrouble.why(e), HISTORY);
    }
    return new Reply.Refused(Protocol.NOT_FOUND, "there is no version " + number, HISTORY);
  }

  /** From the trial's thread. */
  void judged(ConfigTrial.Verdict verdict) {
    String op = verdict.healthy() ? "prove" : "return";
    ask(new ConfigChange(op, verdict.why(), "", "", 0, 0, 0, false), unused -> {});
  }

  /** Newest first; from any thread. */
  List<VersionView> history() {
    return history;
  }

  /** What became of a command that was under way when the process ended. From any thread. */
  Outcome readBack(String command) {
    return history.stream()
        .filter(view -> view.request().equals(command))
        .findFirst()
        .map(view -> ConfigOrders.outcome(new Reply.Done(view)))
        .orElse(Outcome.of(Outcome.State.FAILED, "interrupted; it has not happened"));
  }

  /**
   * Waits for somebody to ask, and does it.
   *
   * @return whether the gateway must start anew.
   */
  boolean serve(Gateway gateway, long waitMs) throws InterruptedException {
    Ask ask = asks.poll(waitMs, TimeUnit.MILLISECONDS);
    if (ask == null) {
      return false;
    }
    long before = versions.active();
    Reply reply;
    try {
      reply = change(ask.change(), ConfigTrial.ailing(gateway));
    } catch (IOException e) {
      reply =
          new Reply.Refused(
              Protocol.FAILED,
              "nothing was changed: " + FileTrouble.why(e),
              "Is the disk full or read-only? verge doctor");
    }
    tellHistory();
    ask.answer().accept(reply);
    boolean changed = versions.active() != before;
    while (changed && (ask = asks.poll()) != null) {
      ask.answer().accept(busy());
    }
    return changed;
  }

  private Reply change(ConfigChange change, Set<String> ailing) throws IOException {
    long seen = change.ifVersion();
    if (seen != 0 && seen != versions.active()) {
      return new Reply.Refused(
          Protocol.REFUSED,
          "version " + versions.active() + " runs, not " + seen + ": somebody was faster",
          "verge config diff FILE");
    }
    return switch (change.op()) {
      case "apply" -> apply(change.toml().getBytes(StandardCharsets.UTF_8), change, "", ailing);
      case "rollback" -> rollback(change, ailing);
      case "confirm" -> confirm("confirmed by " + change.who());
      case "prove" -> prove(change.who());
      case "return" -> giveUp(change.who());
      default -> new Reply.Refused(Protocol.BAD_REQUEST, "no such change: " + change.op(), "");
    };
  }

  private Reply apply(byte[] text, ConfigChange change, String note, Set<String> ailing)
      throws IOException {
    if (versions.trial() != null) {
      VersionView open = view(versions.active());
      return new Reply.Refused(
          Protocol.REFUSED,
          "version " + open.number() + " of " + open.who() + " is still on trial",
          "verge config confirm, or verge config rollback, or wait");
    }
    ConfigReader.Result result = reader.read(text, file);
    if (result.config() == null) {
      return new Reply.Refused(
          Protocol.REFUSED,
          result.problems().size() + " problems, the first: " + result.problems().get(0),
          "All of them: verge config check FILE");
    }
    if (unrecorded) {
      versions.adoptFile(running, origin("file", "", "from " + file.getFileName()));
      unrecorded = false;
    }
    versions.begin(
        text,
        origin(change.who(), change.request(), note),
        change.withinMs(),
        change.byHand(),
        ailing);
    trouble = "";
    news = "applied";
    return done();
  }

  private Reply rollback(ConfigChange change, Set<String> ailing) throws IOException {
    if (versions.trial() != null && change.number() == 0) {
      return giveUp("rolled back by " + change.who());
    }
    long number = change.number() == 0 ? versions.before() : change.number();
    if (!versions.has(number) || number == versions.active()) {
      return new Reply.Refused(
          Protocol.NOT_FOUND,
          number == 0
              ? "there is no version before this one"
              : "there is no version " + number + " to return to",
          HISTORY);
    }
    return apply(versions.text(number), change, "as version " + number, ailing);
  }

  private Reply confirm(String how) throws IOException {
    if (versions.trial() == null) {
      return noTrial();
    }
    versions.confirm(how);
    news = "confirmed";
    return done();
  }

  /** What can't be recorded can't hold: the next start would not know it. */
  private Reply prove(String how) {
    try {
      return confirm(how);
    } catch (IOException e) {
      return giveUp("it proved healthy, and could not be recorded: " + FileTrouble.why(e));
    }
  }

  private Reply giveUp(String why) {
    if (versions.trial() == null) {
      return noTrial();
    }
    giveBack(why);
    return done();
  }

  private static Reply noTrial() {
    return new Reply.Refused(Protocol.REFUSED, "no configuration is on trial", HISTORY);
  }

  private Reply done() {
    tellHistory();
    return new Reply.Done(view(versions.active()));
  }

  private VersionView view(long number) {
    return history.stream()
        .filter(view -> view.number() == number)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("version " + number + " is not listed"));
  }

  private ConfigVersions.Origin origin(String who, String request, String note) {
    return new ConfigVersions.Origin(who, utcMs.getAsLong(), request, note);
  }

  private void tellHistory() {
    List<VersionView> views = new ArrayList<>();
    for (ConfigIndex.Version version : versions.all()) {
      views.add(
          new VersionView(
              version.number(),
              version.state(),
              version.who(),
              version.atMs() == 0 ? null : Instant.ofEpochMilli(version.atMs()).toString(),
              version.sha256(),
              version.request(),
              version.note()));
    }
    Collections.reverse(views);
    history = List.copyOf(views);
  }
}
