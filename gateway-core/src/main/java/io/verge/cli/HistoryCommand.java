package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.HistoryView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "history",
    description = "The past of one point, from the buffer: delivered or not.",
    footer = {"", "Example: verge history lamp-17/power --since 24h"},
    mixinStandardHelpOptions = true)
final class HistoryCommand extends Asking {
  /** Durations with units, as milliseconds. */
  static final class Age implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Units.duration(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  private static final long DAY_MS = 86_400_000;

  /** The least a plot shows when nobody said how far back. */
  private static final long LEAST_MS = 60_000;

  private static final class Form {
    @Option(names = "--plot", description = "A plot of 80 columns (default).")
    private boolean plot;

    @Option(names = "--csv", description = "time,age_ms,value,unit,quality")
    private boolean csv;
  }

  private record Row(HistoryView view, JsonObject raw) {
    long age() {
      return view.ageMs() == null ? Long.MAX_VALUE : view.ageMs();
    }
  }

  @Parameters(index = "0", paramLabel = "POINT", description = "ASSET/POINT.")
  private String point = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Age.class,
      description = "How far back (default: 24h, plotted from the first reading on).")
  private @Nullable Long asked;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = Age.class,
      description = "Up to how long ago (default: now).")
  private long until = 0;

  @ArgGroup(exclusive = true, multiplicity = "0..1")
  private Form form = new Form();

  HistoryCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    long since = asked == null ? DAY_MS : asked;
    if (until >= since) {
      screen().error("--until is not later than --since", "Try: verge history --help");
      return ExitCode.USAGE;
    }
    JsonObject args = args();
    args.addProperty("target", point);
    args.addProperty("since_ms", since);
    args.addProperty("until_ms", until);
    List<Row> rows = new ArrayList<>();
    client.views(
        "history",
        args,
        LocalClient.FIELD_MS,
        HistoryView.class,
        (view, raw) -> rows.add(new Row(view, raw)));
    rows.sort(Comparator.comparingLong(Row::age).reversed());
    if (json()) {
      rows.forEach(row -> screen().json(row.raw()));
    } else if (form.csv) {
      screen().whole("time,age_ms,value,unit,quality");
      rows.forEach(row -> screen().whole(csv(row.view())));
    } else {
      plot(rows, since);
    }
    return ExitCode.DONE;
  }

  private static String csv(HistoryView view) {
    return (view.at() == null ? "" : view.at())
        + ','
        + (view.ageMs() == null ? "" : view.ageMs())
        + ','
        + (view.value() == null ? "" : view.value())
        + ','
        + view.unit()
        + ','
        + view.quality();
  }

  private void plot(List<Row> rows, long since) {
    List<Plot.Dot> dots = new ArrayList<>();
    for (Row row : rows) {
      Long age = row.view().ageMs();
      if (age != null) {
        dots.add(new Plot.Dot(age, number(row.view().value()), row.view().quality()));
      }
    }
    if (dots.isEmpty()) {
      screen().line(point + ": no readings from " + Units.span(since) + " ago on");
    } else {
      String unit = rows.get(rows.size() - 1).view().unit();
      long notGood = dots.stream().filter(dot -> !dot.isGood()).count();
      screen()
          .line(
              point
                  + (unit.isEmpty() ? "" : ", " + unit)
                  + "   "
                  + dots.size()
                  + " readings, "
                  + notGood
                  + " not good, "
                  + holes(dots));
      Plot.draw(dots, asked == null ? shown(dots, since) : since, until).forEach(screen()::line);
    }
    if (rows.size() > dots.size()) {
      screen()
          .line(
              (rows.size() - dots.size())
                  + " more of unknown time: the clock was never set then; --csv has them");
    }
  }

  /** Where nobody said how far back: no further than there is something to see. */
  private long shown(List<Plot.Dot> dots, long since) {
    long oldest = dots.get(0).ageMs();
    return Math.min(since, Math.max(until + LEAST_MS, oldest));
  }

  private static String holes(List<Plot.Dot> dots) {
    long holeMs = Plot.holeMs(dots);
    int count = 0;
    long longest = 0;
    for (int i = 1; i < dots.size(); i++) {
      long step = dots.get(i - 1).ageMs() - dots.get(i).ageMs();
      if (step > holeMs) {
        count++;
        longest = Math.max(longest, step);
      }
    }
    return count == 0
        ? "no gap"
        : count + (count == 1 ? " gap of " : " gaps, the longest ") + Units.span(longest);
  }

  private static double number(@Nullable String value) {
    try {
      return value == null ? Double.NaN : Double.parseDouble(value);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
