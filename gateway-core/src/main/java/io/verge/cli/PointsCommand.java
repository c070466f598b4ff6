package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.ItemView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.PointView;
import io.verge.local.ReadingView;
import io.verge.local.SampleView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "points",
    description = "The last value of every point, or of those a pattern means.",
    footer = {"", "Example: verge points 'lamp-*/power'"},
    mixinStandardHelpOptions = true)
final class PointsCommand extends Asking {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";

  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      description = "ASSET, ASSET/POINT; * and ? stand for other characters.")
  private @Nullable String pattern;

  @Option(names = "--watch", description = "Goes on with what changes, until Ctrl-C.")
  private boolean watch;

  PointsCommand(Screen screen) {
    super(screen);
  }

  /** What picocli would have set. */
  PointsCommand of(@Nullable String which, boolean goesOn) {
    pattern = which;
    watch = goesOn;
    return this;
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    if (pattern != null) {
      args.addProperty("pattern", pattern);
    }
    Map<String, PointView> points = new LinkedHashMap<>();
    client.views(
        "points",
        args,
        LocalClient.ANSWER_MS,
        PointView.class,
        (point, raw) -> {
          points.put(point.asset() + "/" + point.point(), point);
          if (json()) {
            screen().json(raw);
          }
          return true;
        });
    if (!json()) {
      screen().table(table(points));
    }
    if (watch) {
      follow(client, args, points);
    }
    return ExitCode.DONE;
  }

  private static Table table(Map<String, PointView> points) {
    Table table = new Table("POINT", ">VALUE", "UNIT", "QUALITY", ">AGE");
    points.forEach(
        (name, point) ->
            table.row(
                !point.quality().equals("good") && !point.quality().equals("none"),
                name,
                point.value() == null ? "-" : point.value(),
                point.unit(),
                point.quality(),
                Units.spanOrDash(point.ageMs())));
    return table;
  }

  private void follow(LocalClient client, JsonObject args, Map<String, PointView> points)
      throws Unreachable, Refused {
    client.views(
        "watch",
        args,
        LocalClient.NO_LIMIT,
        ItemView.class,
        (item, raw) -> {
          SampleView sample = item.sample();
          if (sample == null) {
            return goesOn();
          }
          for (ReadingView reading : sample.readings()) {
            points.put(
                sample.asset() + "/" + reading.point(),
                new PointView(
                    sample.asset(),
                    reading.point(),
                    reading.value(),
                    reading.unit(),
                    reading.quality(),
                    sample.at(),
                    sample.ageMs()));
          }
          if (json()) {
            screen().json(raw);
          } else if (screen().colour()) {
            screen().out().print(HOME_AND_CLEAR);
            screen().table(table(points));
          } else {
            screen().whole(Lines.of(item));
          }
          return goesOn();
        });
  }
}
