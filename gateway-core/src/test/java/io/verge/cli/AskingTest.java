package io.verge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.verge.config.ConfigReader;
import io.verge.health.Counters;
import io.verge.local.EventView;
import io.verge.local.FakeDesk;
import io.verge.local.ItemView;
import io.verge.local.LocalServer;
import io.verge.local.PointView;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each command against a real socket; what it prints is what docs/cli.md shows. */
class AskingTest {
  @TempDir Path directory;

  private final FakeDesk desk = new FakeDesk();
  private final List<Throwable> broken = new CopyOnWriteArrayList<>();
  private final SystemTicker ticker = new SystemTicker();
  private final ThreadCrew crew = new ThreadCrew(ticker, (worker, cause) -> broken.add(cause));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path path = Path.of("");
  private LocalServer server;
  private int code;

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("verge.sock");
    server = LocalServer.open(new LocalServer.Settings(path), desk, ticker, new Counters());
    crew.start(server);
  }

  @AfterEach
  void close() {
    crew.stop(server);
    assertThat(broken).isEmpty();
  }

  private String run(String... args) {
    return run(false, args);
  }

  private String run(boolean colour, String... args) {
    out.reset();
    err.reset();
    PrintStream prints = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    Screen screen = new Screen(prints, errors, colour);
    CommandLine root = VergeCommand.tree(screen, List.of());
    ConfigReader reader = new ConfigReader(List.of(), List.of(), Set.of());
    root.addSubcommand(VergeCommand.config(screen, reader));
    root.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          throw new AssertionError(e);
        });
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--socket");
    all.add(path.toString());
    code = root.execute(all.toArray(new String[0]));
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The text is in the manual, under its command line, and fits a serial console. */
  private void documented(String command, String text) throws IOException {
    assertThat(text.lines()).allMatch(line -> Text.width(line) <= Text.COLUMNS);
    String root = System.getProperty("verge.root");
    String page = Files.readString(Path.of(root, "gateway-core", "docs", "cli.md"));
    assertThat(page).contains("```\n$ " + command + "\n" + text + "```\n");
  }

  @Test
  void statusWithProblems() throws IOException {
    documented("verge status", run("status"));
    assertThat(code).isEqualTo(ExitCode.WRONG);
  }

  @Test
  void statusWhenAllIsWell() {
    desk.healthy = true;
    assertThat(run("status")).contains("No problems.").doesNotContain("\u001b");
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(run(true, "status")).contains("\u001b[32mNo problems.\u001b[0m");
  }

  @Test
  void points() throws IOException {
    documented("verge points", run("points"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(run("points", "lamp-*/power").lines()).hasSize(3);
    run("points", "nothing-*");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("nothing is called nothing-*");
  }

  @Test
  void resend() throws IOException {
    documented("verge resend telemetry 12..20", run("resend", "telemetry", "12..20"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    run("resend", "event", "7", "--uplink", "city");
    assertThat(desk.asked).contains("resend null telemetry 12 20", "resend city event 7 7");
    run("resend", "gas", "1..2");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    for (String range : List.of("0", "5..4", "a..b", "1..", "-3")) {
      run("resend", "event", range);
      assertThat(code).as(range).isEqualTo(ExitCode.USAGE);
    }
  }

  @Test
  void trace() {
    PrintStream prints = new PrintStream(out, true, StandardCharsets.UTF_8);
    Screen screen = new Screen(prints, prints, false);
    String[] args = {"rs485-1", "--count", "2", "--socket", path.toString()};
    code = new CommandLine(new TraceCommand(screen, List.of())).execute(args);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo("2026-11-24T10:00:00.120Z  >  01 03\n140 ms  <  01 83\n");
    args[0] = "no-bus";
    code = new CommandLine(new TraceCommand(screen, List.of())).execute(args);
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("no bus is called no-bus");
  }

  @Test
  void read() throws IOException {
    documented("verge read lamp-17", run("read", "lamp-17"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    run("read", "nobody");
    assertThat(code).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void history() throws IOException {
    documented(
        "verge history lamp-17/power --since 2h", run("history", "lamp-17/power", "--since", "2h"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(desk.asked).contains("history lamp-17/power 7200000 0");
    List<String> csv = run("history", "lamp-17/power", "--since", "2h", "--csv").lines().toList();
    assertThat(csv).hasSize(97).contains("2026-11-24T08:40:00Z,4800000,,W,timeout");
    assertThat(csv.get(1)).isEqualTo("2026-11-24T08:00:00Z,7200000,60.5,W,good");
    assertThat(csv.get(96)).isEqualTo("2026-11-24T09:59:00Z,60000,21.0,W,good");
    List<String> json = run("history", "lamp-17/power", "--since", "2h", "--json").lines().toList();
    assertThat(json).hasSize(96);
    assertThat(JsonParser.parseString(json.get(0)).getAsJsonObject().get("value").getAsString())
        .isEqualTo("60.5");
    run("history", "lamp-17/nothing");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("there is no point lamp-17/nothing");
    run("history", "lamp-17/power", "--since", "1h", "--until", "2h");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    run("history", "lamp-17/power", "--since", "tomorrow");
    assertThat(code).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void watch() throws Exception {
    List<String> printed = new CopyOnWriteArrayList<>();
    Thread watching =
        new Thread(() -> printed.add(run("watch", "lamp-1*", "--count", "2")), "watching");
    watching.start();
    awaitWatcher();
    desk.tell(ItemView.of(FakeDesk.sample("meter-1", "1")));
    desk.tell(ItemView.of(FakeDesk.sample("lamp-17", "41.5")));
    desk.tell(ItemView.of(desk.events.get(1)));
    watching.join(20_000);
    assertThat(printed).hasSize(1);
    documented("verge watch 'lamp-1*' --count 2", printed.get(0));
  }

  @Test
  void pointsWatchPrintsWhatChanges() throws Exception {
    Thread watching = new Thread(() -> run("points", "--watch"), "watching");
    watching.start();
    awaitWatcher();
    desk.tell(ItemView.of(FakeDesk.sample("lamp-17", "41.6")));
    for (long until = System.nanoTime() + 20_000_000_000L; System.nanoTime() < until; ) {
      if (out.toString(StandardCharsets.UTF_8).contains("41.6 W")) {
        break;
      }
      Thread.onSpinWait();
    }
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("41.6 W");
    crew.stop(server);
    watching.join(20_000);
    assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
  }

  private void awaitWatcher() {
    long until = System.nanoTime() + 20_000_000_000L;
    while (desk.watchers.isEmpty() && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
    assertThat(desk.watchers).isNotEmpty();
  }

  @Test
  void lamp() throws IOException {
    documented("verge lamp lamp-17 40% --for 30m", run("lamp", "lamp-17", "40%", "--for", "30m"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(desk.asked).containsExactly("lamp lamp-17 40 1800000");
    assertThat(run("lamp", "lamp-18", "on")).contains("failed: the lamp did not answer");
    assertThat(code).isEqualTo(ExitCode.WRONG);
    run("lamp", "lamp-19", "off");
    assertThat(code).isEqualTo(ExitCode.REFUSED);
    for (String level : new String[] {"101%", "-1", "bright", "4 0"}) {
      run("lamp", "lamp-17", level);
      assertThat(code).as(level).isEqualTo(ExitCode.USAGE);
    }
    run("lamp", "lamp-17", "40%", "--for", "30");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(desk.asked).hasSize(3);
  }

  @Test
  void lampBackToThePlan() throws IOException {
    documented("verge lamp lamp-17 plan", run("lamp", "lamp-17", "plan"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(desk.asked).containsExactly("release lamp-17");
    assertThat(run("lamp", "lamp-18", "plan")).contains("rejected: no plan has lamp-18");
    assertThat(code).isEqualTo(ExitCode.WRONG);
    run("lamp", "lamp-17", "plan", "--for", "30m");
    assertThat(code).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void forecast() throws IOException {
    documented("verge forecast bin-07", run("forecast", "bin-07"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(run("forecast", "bin-07", "--full", "10%")).startsWith("bin-07  4");
    desk.points.add(new PointView("bin-08", "fill", "12", "%", "good", null, 60_000L));
    desk.points.add(new PointView("bin-07", "fill", "44", "%", "good", null, 60_000L));
    documented("verge forecast", run("forecast"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(run("forecast", "--json").lines()).hasSize(2);
    run("forecast", "bin-99");
    assertThat(code).isEqualTo(ExitCode.USAGE);
    run("forecast", "bin-07", "--full", "much");
    assertThat(code).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void calibrate() throws IOException {
    documented("verge calibrate bin-07 --empty", run("calibrate", "bin-07", "--empty"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    run("calibrate", "bin-07", "--empty=1985", "--full=300");
    run("calibrate", "bin-07", "--forget");
    assertThat(desk.asked)
        .containsExactly(
            "calibrate bin-07 {empty=now}",
            "calibrate bin-07 {empty=1985, full=300}",
            "calibrate bin-07 {forget=true}");
    assertThat(run("calibrate", "lamp-17", "--full")).contains("rejected: lamp-17 takes no");
    assertThat(code).isEqualTo(ExitCode.WRONG);
    for (String[] wrong :
        new String[][] {
          {"bin-07"},
          {"bin-07", "--forget", "--empty"},
          {"bin-07", "--empty", "--full"},
          {"bin-07", "--empty=far"},
          {"--empty", "bin-07"}
        }) {
      List<String> line = new ArrayList<>(List.of("calibrate"));
      line.addAll(List.of(wrong));
      run(line.toArray(new String[0]));
      assertThat(code).as("%s", line).isEqualTo(ExitCode.USAGE);
    }
    assertThat(desk.asked).hasSize(4);
  }

  @Test
  void meterSetTotal() throws IOException {
    documented(
        "verge meter set-total meter-3 1234.567", run("meter", "set-total", "meter-3", "1234.567"));
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(desk.asked).containsExactly("set-total meter-3 {litres=1234567}");
    for (String wrong : new String[] {"-1", "1.2345", "1e3", "", "12345678901"}) {
      run("meter", "set-total", "meter-3", wrong);
      assertThat(code).as(wrong).isEqualTo(ExitCode.USAGE);
    }
    assertThat(desk.asked).hasSize(1);
  }

  @Test
  void buffer() throws IOException {
    documented("verge buffer", run("buffer"));
    assertThat(code).isEqualTo(ExitCode.DONE);
  }

  @Test
  void uplink() throws IOException {
    documented("verge uplink", run("uplink"));
    assertThat(code).isEqualTo(ExitCode.WRONG);
  }

  @Test
  void uplinkTellsWhatWasRefusedForGood() {
    assertThat(run("uplink")).doesNotContain("refused    ");
    desk.refused = 1;
    assertThat(run("uplink"))
        .contains("  refused    1 batch for good, last telemetry 12: declared lost\n");
    desk.refused = 3;
    assertThat(run("uplink")).contains("  refused    3 batches for good");
    assertThat(run("uplink", "--json")).contains("\"refused\":3");
  }

  @Test
  void events() throws IOException {
    documented("verge events", run("events"));
    assertThat(run("events", "--last", "1").lines()).hasSize(1);
  }

  @Test
  void commands() throws IOException {
    documented("verge commands", run("commands"));
  }

  @Test
  void configHistory() throws IOException {
    documented("verge config history", run("config", "history"));
  }

  /** What the kernel says, whatever a client claims. */
  @Test
  void configIsChangedByWhoeverIsAtTheOtherEnd(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("new.toml"), "[site]\ngateway = \"gw-0042\"\n");
    run("config", "apply", file.toString());
    String user = System.getProperty("user.name");
    assertThat(desk.asked).hasSize(1);
    assertThat(desk.asked.get(0)).startsWith("apply cli:" + user).endsWith(" 27 0");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("version 3 holds");
  }

  @Test
  void metricsAreOpenMetrics() {
    List<String> lines = run("metrics").lines().toList();
    assertThat(code).isEqualTo(ExitCode.DONE);
    assertThat(lines).endsWith("# EOF");
    String family = "";
    for (String line : lines.subList(0, lines.size() - 1)) {
      if (line.startsWith("# TYPE ")) {
        String type = line.substring(line.lastIndexOf(' ') + 1);
        family = line.split(" ")[2];
        family += type.equals("counter") ? "_total" : type.equals("info") ? "_info" : "";
      } else if (!line.startsWith("# HELP ")) {
        assertThat(line).matches(family + "(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [0-9.]+");
      }
    }
    assertThat(lines)
        .contains(
            "verge_up_seconds 10800.000",
            "verge_problems 2",
            "verge_bus_silent_devices{bus=\"rs485-1\"} 1",
            "verge_bus_failed_polls_total{bus=\"rs485-1\"} 9",
            "verge_unacked_batches{lane=\"meter\"} 10",
            "verge_uplink_up{uplink=\"city\"} 0");
  }

  @Test
  void jsonIsOneObjectALine() {
    for (String word :
        new String[] {"status", "points", "buffer", "uplink", "events", "commands"}) {
      String text = run(word, "--json");
      assertThat(text.lines()).as(word).isNotEmpty();
      text.lines()
          .forEach(line -> assertThat(JsonParser.parseString(line).isJsonObject()).isTrue());
    }
    run("read", "nobody", "--json");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("{\"error\":{\"code\":\"not-found\"");
  }

  @Test
  void nothingFromTheGatewayReachesTheTerminalRaw() {
    String evil = "x\u001b[2J\u0007\u009b\u202e\ny";
    desk.points.add(new PointView(evil, "p", evil, evil, evil, evil, 1L));
    desk.events.add(new EventView(9, evil, 1L, evil, evil, evil, Map.of(evil, evil)));
    for (String[] args :
        new String[][] {{"points"}, {"events"}, {"points", "--json"}, {"events", "--json"}}) {
      assertThat(run(args))
          .as(String.join(" ", args))
          .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e");
    }
    assertThat(run("points").lines()).hasSize(6);
  }

  @Test
  void gatewayThatIsDown() throws IOException {
    crew.stop(server);
    run("status");
    assertThat(code).isEqualTo(ExitCode.UNREACHABLE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("the gateway is not running", "systemctl start verge");
    run("status", "--json");
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"code\":\"unreachable\"");
    open();
  }

  @Test
  void everyCommandHasAnExample() {
    Screen screen = new Screen(new PrintStream(out), new PrintStream(err), false);
    VergeCommand.tree(screen, List.of())
        .getSubcommands()
        .forEach(
            (name, line) -> assertThat(line.getUsageMessage()).contains("Example: verge " + name));
  }
}
