package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.verge.autonomy.FillForecast;
import io.verge.local.HistoryView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.PointView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "forecast",
    description =
        "When a container, or each of them, will be full, from its past in the buffer; exit code 1"
            + " if nothing can be told yet.",
    footer = {"", "Example: verge forecast bin-07 --full 85%"},
    mixinStandardHelpOptions = true)
final class ForecastCommand extends Asking {
  private static final long PAST_MS = 28L * 86_400_000;
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "CONTAINER",
      description = "The container (default: all, the next to be full first).")
  private @Nullable String container;

  @Option(
      names = "--full",
      paramLabel = "LEVEL",
      defaultValue = "85%",
      description = "Where it counts as full (default: 85%%).")
  private String full = "";

  ForecastCommand(Screen screen) {
    super(screen);
  }

  /**
   * What is to be said of one container.
   *
   * @param now its last reading, or null.
   */
  private record Told(String container, @Nullable String now, FillForecast forecast) {}

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    int level = level();
    String asked = container;
    List<Told> told = new ArrayList<>();
    if (asked == null) {
      for (PointView point : containers(client)) {
        told.add(
            new Told(
                point.asset(), point.value(), FillForecast.of(past(client, point.asset()), level)));
      }
    } else {
      told.add(new Told(asked, null, FillForecast.of(past(client, asked), level)));
    }
    told.sort(
        Comparator.comparing((Told one) -> !one.forecast().isKnown())
            .thenComparing(one -> one.forecast().days())
            .thenComparing(Told::container));
    if (json()) {
      told.forEach(one -> screen().json(GSON.toJsonTree(view(one, level)).getAsJsonObject()));
    } else if (asked == null) {
      all(told, level);
    } else {
      one(told.get(0), level);
    }
    return told.stream().anyMatch(one -> one.forecast().isKnown()) ? ExitCode.DONE : ExitCode.WRONG;
  }

  private List<PointView> containers(LocalClient client) throws Unreachable, Refused {
    List<PointView> points = new ArrayList<>();
    JsonObject args = args();
    args.addProperty("pattern", "*/fill");
    client.views(
        "points", args, LocalClient.ANSWER_MS, PointView.class, (point, raw) -> points.add(point));
    return points;
  }

  private List<FillForecast.Level> past(LocalClient client, String name)
      throws Unreachable, Refused {
    JsonObject args = args();
    args.addProperty("target", name + "/fill");
    args.addProperty("since_ms", PAST_MS);
    args.addProperty("until_ms", 0);
    List<FillForecast.Level> past = new ArrayList<>();
    client.views(
        "history",
        args,
        LocalClient.FIELD_MS,
        HistoryView.class,
        (view, raw) -> {
          Long age = view.ageMs();
          String value = view.value();
          if (age != null && value != null && view.quality().equals("good")) {
            past.add(new FillForecast.Level(-age, number(value)));
          }
          return true;
        });
    past.removeIf(one -> Double.isNaN(one.fill()));
    past.sort(Comparator.comparingLong(FillForecast.Level::ms));
    return past;
  }

  private void one(Told told, int level) {
    if (told.forecast().isKnown()) {
      screen().line(told.container() + "  " + told(told.forecast(), level));
    } else {
      screen()
          .bad(
              told.container() + "  nothing can be told from less than a day of readings in a row");
    }
  }

  private void all(List<Told> told, int level) {
    if (told.isEmpty()) {
      screen().line("No containers: no asset has a point fill.");
      return;
    }
    Table table = new Table("CONTAINER", ">NOW", ">" + level + " % IN", ">EARLIEST", ">LATEST");
    for (Told one : told) {
      FillForecast forecast = one.forecast();
      String now = one.now() == null ? "-" : one.now() + " %";
      if (forecast.isKnown()) {
        table.row(
            forecast.days() == 0,
            one.container(),
            now,
            inDays(forecast.days()),
            inDays(forecast.earliestDays()),
            inDays(forecast.latestDays()));
      } else {
        table.row(false, one.container(), now, "-", "-", "-");
      }
    }
    screen().table(table);
  }

  private static String percent(double fill) {
    return String.format(Locale.ROOT, "%.0f %%", fill);
  }

  private int level() {
    if (!full.matches("[0-9]{1,3}%?") || Integer.parseInt(full.replace("%", "")) > 100) {
      String problem = "'" + full + "' is not a level: 1% to 100%";
      if (spec == null) {
        throw new IllegalArgumentException(problem);
      }
      throw new ParameterException(spec.commandLine(), problem);
    }
    return Integer.parseInt(full.replace("%", ""));
  }

  private static double number(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static String told(FillForecast forecast, int full) {
    String now = percent(forecast.fill()) + " full";
    if (forecast.days() == 0) {
      return now;
    }
    return now
        + "; "
        + full
        + " % in "
        + days(forecast.days())
        + " days ("
        + days(forecast.earliestDays())
        + " to "
        + days(forecast.latestDays())
        + "), by "
        + forecast.windows()
        + " stretches of its past";
  }

  private static String inDays(double days) {
    return Double.isInfinite(days) ? "?" : days(days) + " d";
  }

  private static String days(double days) {
    return Double.isInfinite(days) ? "?" : String.format(Locale.ROOT, "%.1f", days);
  }

  private static ForecastView view(Told told, int full) {
    FillForecast forecast = told.forecast();
    return new ForecastView(
        told.container(),
        finite(forecast.fill()),
        full,
        finite(forecast.days()),
        finite(forecast.earliestDays()),
        finite(forecast.latestDays()),
        forecast.windows());
  }

  private static @Nullable Double finite(double number) {
    return Double.isFinite(number) ? Math.round(number * 100) / 100.0 : null;
  }
}
