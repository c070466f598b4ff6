package io.verge.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A street of one bus with one silent lamp, as values. */
public final class FakeDesk implements Desk {
  public final List<Consumer<ItemView>> watchers = new CopyOnWriteArrayList<>();
  public final List<String> asked = new CopyOnWriteArrayList<>();
  public final List<PointView> points = new ArrayList<>();
  public final List<EventView> events = new ArrayList<>();
  public boolean healthy;

  /** Batches that the back end refused for good. */
  public long refused;

  public volatile boolean answers = true;

  public FakeDesk() {
    points.add(
        new PointView("lamp-17", "power", "41.5", "W", "good", "2026-11-24T10:00:00Z", 12_000L));
    points.add(
        new PointView("lamp-17", "level", "80", "%", "good", "2026-11-24T10:00:00Z", 12_000L));
    points.add(new PointView("lamp-18", "power", null, "W", "timeout", null, 180_000L));
    points.add(new PointView("container-4", "distance", null, "m", "none", null, null));
    events.add(
        new EventView(
            7, null, 3_600_000L, "notice", "gateway.started", null, Map.of("version", "0.1.0")));
    events.add(
        new EventView(
            8,
            "2026-11-24T09:57:00Z",
            192_000L,
            "warning",
            "device.silent",
            "lamp-18",
            Map.of("bus", "rs485-1", "after", "3")));
  }

  @Override
  public StatusView status() {
    List<ProblemView> problems =
        healthy
            ? List.of()
            : List.of(
                new ProblemView(
                    "the uplink is down: connection refused",
                    "city",
                    "2026-11-24T09:12:00Z",
                    2_880_000L,
                    "Check the modem and the back end's address; nothing is lost: 12 days of room."),
                new ProblemView(
                    "lamp-18 does not answer",
                    "rs485-1",
                    null,
                    180_000L,
                    "Check its supply and wiring, then: verge read lamp-18"));
    return new StatusView(
        "gw-0042",
        "Linden Street",
        "0.1.0",
        "2026-11-24T07:00:00Z",
        10_800_000,
        true,
        new ClockView(true, 20, "2026-11-24T10:00:12Z"),
        List.of(
            new BusView(
                "rs485-1",
                "serial:/dev/ttyAMA0?baud=9600",
                "up",
                "",
                40,
                healthy ? List.of() : List.of("lamp-18"),
                40,
                12,
                1200,
                healthy ? 0 : 9,
                List.of("lamp-17", "lamp-18", "container-4"))),
        buffer(),
        uplinks(),
        problems);
  }

  @Override
  public List<PointView> points(@Nullable String pattern) {
    if (pattern == null) {
      return List.copyOf(points);
    }
    TargetPattern parsed = TargetPattern.parse(pattern);
    return points.stream().filter(p -> parsed.matches(p.asset(), p.point())).toList();
  }

  @Override
  public void read(String target, Consumer<Reply> answer) {
    asked.add("read " + target);
    if (!answers) {
      return;
    }
    answer.accept(
        target.startsWith("lamp-1")
            ? new Reply.Done(sample(target, "41.5"))
            : new Reply.Refused(
                Protocol.NOT_FOUND, "nothing is called " + target, "All assets: verge points"));
  }

  @Override
  public void lamp(String target, long level, long forMs, Consumer<Reply> answer) {
    asked.add("lamp " + target + " " + level + " " + forMs);
    boolean done = target.equals("lamp-17");
    answer.accept(
        target.equals("lamp-19")
            ? new Reply.Refused(
                Protocol.REFUSED, "lamp-19 is locked for maintenance", "Unlock it at the cabinet.")
            : new Reply.Done(
                new CommandView(
                    "cli-1",
                    target,
                    "set-level",
                    Map.of("level", level + " %"),
                    "cli:anna",
                    done ? "done" : "failed",
                    done ? "" : "the lamp did not answer",
                    Map.of(),
                    "2026-11-24T10:00:12Z",
                    400L)));
  }

  @Override
  public void release(String target, Consumer<Reply> answer) {
    asked.add("release " + target);
    answer.accept(
        new Reply.Done(
            new CommandView(
                "cli-2",
                target,
                "release",
                Map.of("level", "plan"),
                "cli:anna",
                target.equals("lamp-17") ? "done" : "rejected",
                target.equals("lamp-17") ? "" : "no plan has " + target,
                Map.of(),
                "2026-11-24T10:00:12Z",
                4L)));
  }

  @Override
  public void adjust(String target, String op, Map<String, Object> args, Consumer<Reply> answer) {
    asked.add(op + " " + target + " " + new java.util.TreeMap<>(args));
    boolean isBin = target.startsWith("bin-");
    boolean isMeter = target.startsWith("meter-");
    String refusal = target + " takes no '" + op + "'; it takes [set-level]";
    Map<String, String> told = new java.util.TreeMap<>();
    args.forEach((key, value) -> told.put(key, String.valueOf(value)));
    answer.accept(
        new Reply.Done(
            new CommandView(
                "cli-4",
                target,
                op,
                told,
                "cli",
                isBin || isMeter ? "done" : "rejected",
                isBin || isMeter ? "" : refusal,
                isBin
                    ? Map.of(
                        "empty_mm", "1985",
                        "empty_before_mm", "2000",
                        "full_mm", "300",
                        "full_before_mm", "300",
                        "measured_mm", "1985",
                        "spread_mm", "4",
                        "echoes", "5")
                    : isMeter
                        ? Map.of(
                            "litres", "1234567", "litres_before", "1230000", "lost_before", "2")
                        : Map.of(),
                "2026-11-24T10:00:12Z",
                0L)));
  }

  @Override
  public void resend(
      @Nullable String uplink, String lane, long first, long last, Consumer<Reply> answer) {
    asked.add("resend " + uplink + " " + lane + " " + first + " " + last);
    answer.accept(
        lane.equals("gas")
            ? new Reply.Refused(Protocol.NOT_FOUND, "no lane is called gas", "See: verge buffer")
            : new Reply.Done(
                new CommandView(
                    "cli-3",
                    "gateway",
                    "resend",
                    Map.of(
                        "lane", lane,
                        "first", String.valueOf(first),
                        "last", String.valueOf(last)),
                    "cli:anna",
                    "accepted",
                    "",
                    Map.of(),
                    "2026-11-24T10:00:12Z",
                    0L)));
  }

  @Override
  public BufferView buffer() {
    return new BufferView(
        List.of(
            new LaneView(
                "event", 0, 6, healthy ? 0 : 2, 310, healthy ? null : 192_000L, 6, 290, 311, 0),
            new LaneView(
                "meter", 90, 36, healthy ? 0 : 10, 41_200, 2_880_000L, 36, 3_900, 4_021, 0),
            new LaneView("telemetry", 1_500, 36, 10, 251_000, 2_880_000L, 36, 88_000, 90_112, 0)),
        41_943_040,
        1_073_741_824,
        5_368_709_120L,
        new CardView(
            "mmcblk0",
            31_914_983_424L,
            92_370_100,
            432_013_312L,
            3_191_498_342_400L,
            true,
            7_387L,
            healthy ? null : 10));
  }

  @Override
  public @Nullable Runnable trace(String bus, Consumer<FrameView> frame) {
    if (!bus.equals("rs485-1")) {
      return null;
    }
    frame.accept(new FrameView(bus, "2026-11-24T10:00:00.120Z", 120, true, "0103", "modbus"));
    frame.accept(new FrameView(bus, null, 140, false, "0183", "modbus"));
    return () -> {};
  }

  @Override
  public List<UplinkView> uplinks() {
    return List.of(
        new UplinkView(
            "city",
            "mqtt",
            "mqtts://city.example:8883",
            healthy ? "up" : "down",
            healthy ? "" : "connection refused",
            healthy ? 10_790_000 : 2_880_000,
            healthy ? null : 42_000L,
            "application",
            0,
            healthy ? 8_000L : 2_890_000L,
            List.of(
                new CursorView("event", healthy ? 6 : 4, 6),
                new CursorView("meter", healthy ? 36 : 26, 36),
                new CursorView("telemetry", 26, 36)),
            3_145_728,
            14_680_064,
            "verge",
            "the back end has committed it (its own ack)",
            refused,
            refused == 0 ? List.of() : List.of("telemetry 12"),
            new MonthView(
                "2026-11-01",
                30,
                List.of(420_000L, 455_000L, 448_000L, 910_000L, 452_000L, 460_728L),
                2_202_010,
                943_718,
                14_155_776,
                ""),
            60_000,
            healthy
                ? null
                : new RecoveryView(
                    "waiting for the link",
                    2_890_000,
                    "reset",
                    420_000L,
                    "done",
                    Map.of("reregister", 1, "radio", 1, "reset", 1),
                    false)));
  }

  @Override
  public List<EventView> events(int most) {
    return List.copyOf(events.subList(Math.max(0, events.size() - most), events.size()));
  }

  @Override
  public Runnable watch(Consumer<ItemView> item) {
    watchers.add(item);
    return () -> watchers.remove(item);
  }

  @Override
  public List<CommandView> commands(int most) {
    return List.of(
        new CommandView(
            "c-81f3",
            "lamp-17",
            "set-level",
            Map.of("level", "40 %", "for", "30m"),
            "uplink:city",
            "done",
            "",
            Map.of(),
            "2026-11-24T08:00:00Z",
            7_212_000L),
        new CommandView(
            "cli-2",
            "lamp-18",
            "set-level",
            Map.of("level", "100 %"),
            "cli:anna",
            "failed",
            "the lamp did not answer",
            Map.of(),
            null,
            60_000L));
  }

  public static SampleView sample(String asset, String power) {
    return new SampleView(
        asset,
        "2026-11-24T10:00:12Z",
        0L,
        "good",
        List.of(
            new ReadingView("power", power, "W", "good"),
            new ReadingView("level", "80", "%", "good")));
  }

  public void tell(ItemView item) {
    watchers.forEach(watcher -> watcher.accept(item));
  }

  /** Two hours of a lamp: one page a half hour, a hole of 24 minutes, and a minute of silence. */
  @Override
  public @Nullable Past history(String target, long sinceMs, long untilMs) {
    asked.add("history " + target + " " + sinceMs + " " + untilMs);
    if (target.equals("bin-08/fill")) {
      return answer -> answer.accept(new Page(List.of(), false, ""));
    }
    if (target.equals("bin-07/fill")) {
      return answer -> answer.accept(new Page(twoFillings(), false, ""));
    }
    if (!target.equals("lamp-17/power")) {
      return null;
    }
    int[] page = {0};
    return answer -> {
      List<HistoryView> readings = new ArrayList<>();
      for (int minute = 30 * (page[0] + 1); minute > 30 * page[0]; minute--) {
        if (minute < 40 || minute > 63) {
          boolean silent = minute == 80;
          readings.add(
              new HistoryView(
                  java.time.Instant.parse("2026-11-24T10:00:00Z")
                      .minusSeconds(60L * minute)
                      .toString(),
                  60_000L * minute,
                  silent
                      ? null
                      : String.valueOf(
                          minute > 95 ? 60.5 : 20.0 + minute / 4 + minute * 7 % 5 / 2.0),
                  "W",
                  silent ? "timeout" : "good"));
        }
      }
      page[0]++;
      answer.accept(new Page(readings, page[0] < 4, ""));
    };
  }

  /** Twelve days, a reading every three hours, 6 and 10 per cent a day in turn, emptied halfway. */
  private static List<HistoryView> twoFillings() {
    List<HistoryView> readings = new ArrayList<>();
    for (int eighth = 0; eighth <= 96; eighth++) {
      double days = eighth % 48 / 8.0;
      double fill = 2 + 8 * days + ((int) days % 2 == 0 ? -2 * (days % 1) : 2 * (days % 1) - 2);
      long age = (96 - eighth) * 3 * 3_600_000L;
      readings.add(new HistoryView(null, age, String.valueOf(Math.round(fill)), "%", "good"));
    }
    return readings.subList(0, 94);
  }

  @Override
  public List<VersionView> configs() {
    return List.of(
        new VersionView(
            3,
            "active",
            "cli:anna",
            "2026-11-24T09:30:00Z",
            "9f86d081884c7d65",
            "",
            "buses, devices and uplinks proved healthy"),
        new VersionView(
            2,
            "returned",
            "cli:anna",
            "2026-11-24T09:10:00Z",
            "60303ae22b998861",
            "",
            "uplink city is not up: refused"),
        new VersionView(1, "former", "file", null, "fd61a03af4f77d87", "", "from gateway.toml"));
  }

  @Override
  public Reply commissioned(Commissioned test) {
    asked.add("commissioned " + test.passed() + " " + test.failed() + " " + test.left());
    return new Reply.Done(events.get(0));
  }

  @Override
  public Reply systemUpdated(SystemUpdated update) {
    asked.add("system " + update.version() + " " + update.outcome() + " " + update.why());
    return new Reply.Done(events.get(0));
  }

  @Override
  public Reply configText(long number) {
    return number == 0 || number == 3
        ? new Reply.Done(
            new ConfigText(3, "/etc/verge/gateway.toml", "[site]\ngateway = \"gw-0042\"\n"))
        : new Reply.Refused(
            Protocol.NOT_FOUND, "there is no version " + number, "verge config history");
  }

  @Override
  public void config(ConfigChange change, Consumer<Reply> answer) {
    asked.add(
        change.op() + " " + change.who() + " " + change.toml().length() + " " + change.number());
    answer.accept(
        change.op().equals("confirm")
            ? new Reply.Refused(
                Protocol.REFUSED, "no configuration is on trial", "verge config history")
            : new Reply.Done(configs().get(0)));
  }
}
