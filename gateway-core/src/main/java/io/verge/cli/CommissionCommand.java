package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.bytes.Sha256;
import io.verge.cli.Acceptance.Result;
import io.verge.cli.Acceptance.Step;
import io.verge.cli.Questions.Stopped;
import io.verge.config.ConfigReader;
import io.verge.config.Entry;
import io.verge.config.FileTrouble;
import io.verge.local.BusView;
import io.verge.local.ConfigText;
import io.verge.local.HistoryView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.PointView;
import io.verge.local.StatusView;
import io.verge.local.TargetPattern;
import io.verge.local.UplinkView;
import io.verge.local.VersionView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "commission",
    description =
        "Leads through the acceptance test: each asset is seen, reads plausibly, acts, and is the"
            + " right one. Ends in a report and an event.",
    footer = {
      "",
      "Example: verge commission --report street.html",
      "It can be left (q) and goes on where it was. Exit code 1: not all passed."
    },
    mixinStandardHelpOptions = true)
final class CommissionCommand extends Asking {
  private static final long DAY_MS = 86_400_000;

  /** Keys that say where a device is. */
  private static final List<String> PLACES =
      List.of("driver", "address", "secondary", "line", "channel");

  private final InputStream in;
  private final ConfigReader reader;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "PATTERN", description = "Which assets (default: all).")
  private String pattern = "*";

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "acceptance.html",
      description = "Where the report goes (default: ${DEFAULT-VALUE}).")
  private Path report = Path.of("");

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description = "What was found so far (default: the report's name with .json).")
  private @Nullable Path state;

  @Option(names = "--by", paramLabel = "NAME", description = "Who tests (default: the user).")
  private String by = System.getProperty("user.name", "");

  @Option(names = "--yes", description = "Nobody is there: what only a person can see is skipped.")
  private boolean unattended;

  CommissionCommand(Screen screen, InputStream in, ConfigReader reader) {
    super(screen);
    this.in = in;
    this.reader = reader;
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    try {
      return test(client);
    } catch (Acceptance.UnderWay e) {
      screen().error(String.valueOf(e.getMessage()), "Wait for it, or name another --report.");
      return ExitCode.REFUSED;
    } catch (IOException e) {
      screen().error(FileTrouble.why(e), "");
      return ExitCode.USAGE;
    }
  }

  private int test(LocalClient client) throws Unreachable, Refused, IOException {
    Map<String, String> places = places(client, meant());
    if (places.isEmpty() && spec != null) {
      throw new ParameterException(spec.commandLine(), "nothing is called " + pattern);
    }
    Path name = report.toAbsolutePath();
    Path file =
        state == null ? name.resolveSibling(name.getFileName() + ".json") : state.toAbsolutePath();
    try (Acceptance acceptance = Acceptance.open(file, status(client).gateway(), by)) {
      return test(client, acceptance, places, file);
    }
  }

  private int test(LocalClient client, Acceptance acceptance, Map<String, String> places, Path file)
      throws Unreachable, Refused, IOException {
    Questions questions = new Questions(in, talk(), unattended);
    try {
      int n = 0;
      for (Map.Entry<String, String> asset : places.entrySet()) {
        n++;
        if (!acceptance.isDone(asset.getKey())) {
          talk().line(n + "/" + places.size() + "  " + asset.getKey() + "  " + asset.getValue());
          acceptance.put(one(client, questions, asset.getKey(), asset.getValue()));
        }
      }
    } catch (Stopped e) {
      talk().line("Left. The same command goes on here; so far: " + file);
    }
    return finish(client, acceptance, places.size());
  }

  private TargetPattern meant() {
    try {
      return TargetPattern.parse(pattern);
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The dialogue must not spoil what a script reads. */
  private Screen talk() {
    return json() ? new Screen(screen().err(), screen().err(), false) : screen();
  }

  private Result one(LocalClient client, Questions questions, String asset, String place)
      throws Unreachable, Refused, Stopped, IOException {
    List<Step> steps = new AssetTest(client, questions).run(asset, place);
    for (Step step : steps) {
      String line = "  " + step.mark() + "  " + step.name() + "  " + step.found();
      switch (step.mark()) {
        case passed -> talk().good(line);
        case failed -> talk().bad(line);
        case skipped -> talk().line(line);
      }
    }
    String note = questions.text("A note?");
    String photo = questions.text("Name of a photo's file beside the report?");
    return new Result(asset, place, steps, note, photo, status(client).clock().utc());
  }

  private int finish(LocalClient client, Acceptance acceptance, int expected)
      throws Unreachable, Refused, IOException {
    Path folder = report.toAbsolutePath().getParent();
    String html =
        AcceptanceReport.of(
            acceptance, site(client, acceptance, expected), folder == null ? Path.of("/") : folder);
    Files.writeString(report, html, StandardCharsets.UTF_8);
    long passed = acceptance.count(true);
    long failed = acceptance.count(false);
    long left = Math.max(0, expected - passed - failed);
    JsonObject args = args();
    args.addProperty("passed", passed);
    args.addProperty("failed", failed);
    args.addProperty("left", left);
    args.addProperty("sha256", Sha256.hex(html.getBytes(StandardCharsets.UTF_8)));
    client.ask("commissioned", args, LocalClient.ANSWER_MS);
    if (json()) {
      args.addProperty("report", report.toAbsolutePath().toString());
      screen().json(args);
    } else {
      String sum = passed + " passed, " + failed + " failed, " + left + " not tried";
      screen().line(sum + "; report: " + report);
    }
    return failed + left == 0 ? ExitCode.DONE : ExitCode.WRONG;
  }

  private static StatusView status(LocalClient client) throws Unreachable, Refused {
    return client.view(client.ask("status", args(), LocalClient.ANSWER_MS), StatusView.class);
  }

  private static <T extends Record> List<T> all(LocalClient client, String word, Class<T> type)
      throws Unreachable, Refused {
    List<T> all = new ArrayList<>();
    client.views(word, args(), LocalClient.ANSWER_MS, type, (view, raw) -> all.add(view));
    return all;
  }

  /** Assets in the order of the configuration, each with where it has to be. */
  private Map<String, String> places(LocalClient client, TargetPattern meant)
      throws Unreachable, Refused {
    ConfigText text =
        client.view(client.ask("config-text", args(), LocalClient.ANSWER_MS), ConfigText.class);
    Map<String, StringJoiner> keys = new HashMap<>();
    StringJoiner latest = new StringJoiner(" ");
    for (Entry entry :
        reader.read(text.toml().getBytes(StandardCharsets.UTF_8), Path.of(text.file())).entries()) {
      if (entry.table().equals("bus.device") && entry.isGiven()) {
        String value = entry.value().replace("\"", "");
        if (entry.key().equals("asset")) {
          latest = new StringJoiner(" ");
          keys.put(value, latest);
        } else if (PLACES.contains(entry.key())) {
          latest.add(entry.key().equals("driver") ? value : entry.key() + " " + value);
        }
      }
    }
    Map<String, String> places = new LinkedHashMap<>();
    for (BusView bus : status(client).buses()) {
      for (String asset : bus.assets()) {
        if (meant.matchesAsset(asset)) {
          StringJoiner where = keys.get(asset);
          places.put(asset, "bus " + bus.name() + (where == null ? "" : ", " + where));
        }
      }
    }
    return places;
  }

  private static AcceptanceReport.Site site(LocalClient client, Acceptance acceptance, int expected)
      throws Unreachable, Refused {
    List<PointView> points = all(client, "points", PointView.class);
    Map<String, String> plots = new HashMap<>();
    for (Result result : acceptance.results()) {
      PointView first =
          points.stream()
              .filter(point -> point.asset().equals(result.asset()))
              .findFirst()
              .orElse(null);
      if (first != null) {
        plots.put(result.asset(), plot(client, first));
      }
    }
    VersionView active =
        all(client, "configs", VersionView.class).stream()
            .filter(version -> !version.state().matches("former|returned"))
            .findFirst()
            .orElse(null);
    return new AcceptanceReport.Site(
        status(client), all(client, "uplinks", UplinkView.class), points, active, plots, expected);
  }

  private static String plot(LocalClient client, PointView point) throws Unreachable, Refused {
    String target = point.asset() + "/" + point.point();
    JsonObject args = args();
    args.addProperty("target", target);
    args.addProperty("since_ms", DAY_MS);
    List<HistoryView> readings = new ArrayList<>();
    client.views(
        "history",
        args,
        LocalClient.FIELD_MS,
        HistoryView.class,
        (view, raw) -> readings.add(view));
    String unit = point.unit().isEmpty() ? "" : ", " + point.unit();
    return "<p class=\"dim\">"
        + SvgPlot.escape(point.point() + unit)
        + "</p>"
        + SvgPlot.draw(target, readings, DAY_MS);
  }
}
