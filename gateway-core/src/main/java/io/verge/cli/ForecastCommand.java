package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.verge.autonomy.FillForecast;
import io.verge.local.HistoryView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
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
        "When a container will be full, from its past in the buffer; exit code 1 if nothing can"
            + " be told yet.",
    footer = {"", "Example: verge forecast bin-07 --full 85%"},
    mixinStandardHelpOptions = true)
final class ForecastCommand extends Asking {
  private static final long PAST_MS = 28L * 86_400_000;
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "CONTAINER", description = "The container.")
  private String container = "";

  @Option(
      names = "--full",
      paramLabel = "LEVEL",
      defaultValue = "85%",
      description = "Where it counts as full (default: 85%%).")
  private String full = "";

  ForecastCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    int level = level();
    JsonObject args = args();
    args.addProperty("target", container + "/fill");
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
    FillForecast forecast = FillForecast.of(past, level);
    if (json()) {
      screen().json(GSON.toJsonTree(view(forecast, level)).getAsJsonObject());
    } else if (forecast.isKnown()) {
      screen().line(container + "  " + told(forecast, level));
    } else {
      screen().bad(container + "  nothing can be told from less than a day of readings in a row");
    }
    return forecast.isKnown() ? ExitCode.DONE : ExitCode.WRONG;
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
    String now = String.format(Locale.ROOT, "%.0f %% full", forecast.fill());
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

  private static String days(double days) {
    return Double.isInfinite(days) ? "?" : String.format(Locale.ROOT, "%.1f", days);
  }

  private ForecastView view(FillForecast forecast, int full) {
    return new ForecastView(
        container,
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
