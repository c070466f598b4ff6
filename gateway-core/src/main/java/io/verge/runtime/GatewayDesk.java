package io.verge.runtime;

import io.verge.config.SiteConfig;
import io.verge.local.BufferView;
import io.verge.local.BusView;
import io.verge.local.ClockView;
import io.verge.local.CommandView;
import io.verge.local.Commissioned;
import io.verge.local.ConfigChange;
import io.verge.local.Desk;
import io.verge.local.EventView;
import io.verge.local.FrameView;
import io.verge.local.ItemView;
import io.verge.local.LaneView;
import io.verge.local.PointView;
import io.verge.local.ProblemView;
import io.verge.local.Protocol;
import io.verge.local.Reply;
import io.verge.local.SampleView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import io.verge.local.VersionView;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.BusWorker;
import io.verge.poll.Polled;
import io.verge.store.StoreView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the control socket may ask of a running gateway; answers come from snapshots. */
final class GatewayDesk implements Desk {
  private static final String NOT_FOUND = "not-found";
  static final String BUSY = "busy";

  private final Gateway gateway;
  private final Stamp started;
  private final ConfigKeeper keeper;
  private final PointDesk points;
  private final LinkDesk links;

  GatewayDesk(Gateway gateway, ConfigKeeper keeper) {
    this.keeper = keeper;
    this.gateway = gateway;
    this.started = gateway.stamper().now();
    this.points = new PointDesk(gateway);
    this.links = new LinkDesk(gateway);
  }

  private Stamp now() {
    return gateway.stamper().now();
  }

  @Override
  public StatusView status() {
    Stamp now = now();
    List<BusView> buses = buses(now);
    List<UplinkView> uplinks = uplinks();
    SiteConfig config = gateway.config();
    return new StatusView(
        config.gateway(),
        config.name(),
        gateway.platform().version(),
        SampleView.utc(started),
        now.monoMs() - started.monoMs(),
        buses.stream().noneMatch(Troubles::isUntried),
        new ClockView(now.hasUtc(), now.uncMs(), SampleView.utc(now)),
        buses,
        buffer(),
        uplinks,
        problems(buses, uplinks, now));
  }

  private List<ProblemView> problems(List<BusView> buses, List<UplinkView> uplinks, Stamp now) {
    List<ProblemView> problems = new ArrayList<>(new Troubles(gateway).of(buses, uplinks, now));
    keeper.history().stream()
        .filter(version -> version.state().equals(ConfigIndex.ON_TRIAL))
        .forEach(
            version ->
                problems.add(
                    new ProblemView(
                        "version " + version.number() + " of " + version.who() + " is on trial",
                        "configuration",
                        version.at(),
                        null,
                        "verge config history; verge config confirm, or rollback")));
    if (!keeper.trouble().isEmpty()) {
      problems.add(
          new ProblemView(
              keeper.trouble(), "configuration", null, null, "verge config check FILE, history"));
    }
    return problems;
  }

  private List<BusView> buses(Stamp now) {
    List<BusView> views = new ArrayList<>();
    long upMs = Math.max(1, now.monoMs() - started.monoMs());
    for (BusWorker bus : gateway.buses()) {
      BusWorker.View view = bus.view();
      List<String> silent = new ArrayList<>();
      double polls = 0;
      for (int i = 0; i < bus.devices().size(); i++) {
        Polled polled = bus.devices().get(i);
        BusWorker.Last last = bus.last(i);
        polls += 60_000.0 / polled.everyMs();
        if (last != null && last.failures() > 0) {
          silent.add(polled.asset());
        }
      }
      views.add(
          new BusView(
              view.name(),
              port(view.name()),
              view.up() ? "up" : "down",
              view.why(),
              bus.devices().size(),
              silent,
              Math.round(polls),
              Math.min(100, view.busyMs() * 100 / upMs),
              gateway.counters().get("bus." + view.name() + ".polls"),
              gateway.counters().get("bus." + view.name() + ".polls_failed"),
              bus.devices().stream().map(Polled::asset).toList()));
    }
    return views;
  }

  private String port(String bus) {
    return gateway.config().buses().stream()
        .filter(one -> one.name().equals(bus))
        .map(one -> one.port().toString())
        .findFirst()
        .orElse("");
  }

  @Override
  public List<PointView> points(@Nullable String pattern) {
    return points.all(pattern, now());
  }

  @Override
  public void read(String target, Consumer<Reply> answer) {
    points.read(target, answer);
  }

  static Reply unknown(String asset) {
    return new Reply.Refused(NOT_FOUND, "nothing is called " + asset, "verge points lists all");
  }

  @Override
  public void lamp(String target, long level, long forMs, Consumer<Reply> answer) {
    if (gateway.catalog().indexOf(target) < 0) {
      answer.accept(unknown(target));
      return;
    }
    Map<String, Object> args = new HashMap<>();
    args.put("level", level);
    if (forMs > 0) {
      args.put("for", Math.max(1, forMs / 1000));
    }
    submit(target, "set-level", args, answer);
  }

  @Override
  public void release(String target, Consumer<Reply> answer) {
    if (gateway.catalog().indexOf(target) < 0) {
      answer.accept(unknown(target));
      return;
    }
    submit(target, "release", Map.of(), answer);
  }

  @Override
  public void adjust(String target, String op, Map<String, Object> args, Consumer<Reply> answer) {
    if (gateway.catalog().indexOf(target) < 0) {
      answer.accept(unknown(target));
      return;
    }
    submit(target, op, args, answer);
  }

  @Override
  public void resend(
      @Nullable String uplink, String lane, long first, long last, Consumer<Reply> answer) {
    List<String> names = gateway.uplinks().stream().map(one -> one.settings().name()).toList();
    if (uplink == null ? names.size() != 1 : !names.contains(uplink)) {
      answer.accept(
          new Reply.Refused(
              NOT_FOUND,
              uplink == null
                  ? "there are " + names.size() + " uplinks"
                  : "no uplink is called " + uplink,
              "--uplink takes one of " + names));
      return;
    }
    List<StoreView.LaneView> lanes = gateway.store().view().lanes();
    Optional<StoreView.LaneView> stored =
        lanes.stream().filter(one -> one.lane().equals(lane)).findFirst();
    if (stored.isEmpty() || first >= stored.get().next()) {
      answer.accept(
          new Reply.Refused(
              NOT_FOUND,
              stored.isEmpty()
                  ? "no lane is called " + lane
                  : "batch "
                      + first
                      + " does not exist yet: the last of "
                      + lane
                      + " is "
                      + (stored.get().next() - 1),
              "verge buffer lists the lanes and their last batches"));
      return;
    }
    Map<String, Object> args =
        Map.of(
            "lane",
            (long) lanes.indexOf(stored.get()),
            "first",
            first,
            "last",
            last,
            "uplink",
            uplink == null ? names.get(0) : uplink);
    Command command = command(Command.GATEWAY, ResendOrders.RESEND, args);
    gateway.desk().submit(command, null);
    Map<String, String> told = Watch.told(args);
    told.put("lane", lane);
    answer.accept(new Reply.Done(view(command, told, Outcome.of(Outcome.State.ACCEPTED, ""))));
  }

  private static Command command(String target, String op, Map<String, Object> args) {
    return new Command(UUID.randomUUID().toString(), target, op, args, 0, 0, "cli");
  }

  private CommandView view(Command command, Map<String, String> told, Outcome outcome) {
    return new CommandView(
        command.id(),
        command.target(),
        command.op(),
        told,
        command.origin(),
        outcome.state().word(),
        outcome.why(),
        Watch.told(outcome.details()),
        SampleView.utc(now()),
        0L);
  }

  private void submit(String target, String op, Map<String, Object> args, Consumer<Reply> answer) {
    Command command = command(target, op, args);
    gateway
        .desk()
        .submit(
            command,
            outcome -> {
              Map<String, String> told = Watch.told(args);
              if (op.equals("release")) {
                told.put("level", "plan");
              }
              answer.accept(new Reply.Done(view(command, told, outcome)));
            });
  }

  @Override
  public BufferView buffer() {
    StoreView view = gateway.store().view();
    List<LaneView> lanes = new ArrayList<>();
    for (StoreView.LaneView lane : view.lanes()) {
      lanes.add(
          new LaneView(
              lane.lane(),
              lane.journalReadings(),
              lane.held().batches(),
              lane.held().unacked(),
              lane.held().unackedBytes(),
              null,
              lane.next() - 1,
              lane.firstSample(),
              lane.nextSample(),
              lane.held().shed()));
    }
    return new BufferView(
        lanes,
        view.bytes(),
        view.maxBytes(),
        gateway.data().toFile().getUsableSpace(),
        gateway.card());
  }

  @Override
  public List<UplinkView> uplinks() {
    return links.all(now());
  }

  @Override
  public List<VersionView> configs() {
    return keeper.history();
  }

  @Override
  public Reply commissioned(Commissioned test) {
    Event event =
        new Event(
            now(),
            "commission.finished",
            test.failed() + test.left() == 0 ? Severity.NOTICE : Severity.WARNING,
            Event.NO_DEVICE,
            Map.of(
                "who", test.who(),
                "passed", test.passed(),
                "failed", test.failed(),
                "left", test.left(),
                "sha256", test.sha256()));
    if (!gateway.watch().offer(event)) {
      return new Reply.Refused(BUSY, "too much is waiting for the disk", "verge buffer");
    }
    List<EventView> latest = gateway.watch().events(1);
    return latest.isEmpty()
        ? new Reply.Refused(Protocol.FAILED, "the event is not there", "verge events")
        : new Reply.Done(latest.get(0));
  }

  @Override
  public Reply configText(long number) {
    return keeper.text(number);
  }

  @Override
  public void config(ConfigChange change, Consumer<Reply> answer) {
    keeper.ask(change, answer);
  }

  @Override
  public @Nullable Past history(String target, long sinceMs, long untilMs) {
    return points.history(target, sinceMs, untilMs);
  }

  @Override
  public List<EventView> events(int most) {
    return gateway.watch().events(most);
  }

  @Override
  public Runnable watch(Consumer<ItemView> item) {
    return gateway.watch().watch(item);
  }

  @Override
  public @Nullable Runnable trace(String bus, Consumer<FrameView> frame) {
    return gateway.traces().follow(bus, frame);
  }

  @Override
  public List<CommandView> commands(int most) {
    return gateway.watch().commands(most);
  }
}
