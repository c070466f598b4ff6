package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.cli.ExitCode;
import io.verge.transport.ChipView;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.io.PrintStream;
import java.util.List;

/** {@code verge scan gpio}: the chips and their lines, for a person to choose from. */
final class ChipPrinter {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;

  ChipPrinter(PrintStream out, PrintStream err, boolean json) {
    this.out = out;
    this.err = err;
    this.json = json;
  }

  /**
   * @param place one chip only; empty: all.
   */
  int print(TransportProvider provider, String place) {
    List<ChipView> chips;
    try {
      chips =
          provider.chips().stream()
              .filter(chip -> place.isEmpty() || chip.name().equals(place))
              .toList();
    } catch (TransportException e) {
      err.println("verge: " + e.getMessage());
      return ExitCode.WRONG;
    }
    if (chips.isEmpty()) {
      err.println(
          place.isEmpty()
              ? "verge: this machine has no GPIO chip; see: ls -l /dev/gpiochip*"
              : "verge: no GPIO chip is called " + place + "; all of them: verge scan gpio");
      return ExitCode.WRONG;
    }
    for (ChipView chip : chips) {
      if (json) {
        out.println(GSON.toJson(chip));
      } else {
        print(provider.scheme(), chip);
      }
    }
    return ExitCode.DONE;
  }

  private void print(String scheme, ChipView chip) {
    out.printf(
        "%s  %s, %d lines%n", chip.name(), ScanPrinter.clean(chip.label()), chip.lines().size());
    for (ChipView.LineView line : chip.lines()) {
      out.println(
          String.format(
                  "  %3d  %-16s %-6s  %s",
                  line.line(),
                  ScanPrinter.clean(line.name()),
                  line.output() ? "output" : "input",
                  state(line))
              .stripTrailing());
    }
    out.println();
    out.println("[[bus]]");
    out.println("name = \"lines\"");
    out.println("port = \"" + scheme + ":" + chip.name() + "\"");
    out.println();
  }

  private static String state(ChipView.LineView line) {
    if (!line.used()) {
      return "free";
    }
    return line.consumer().isEmpty()
        ? "held by somebody"
        : "held by '" + ScanPrinter.clean(line.consumer()) + "'";
  }
}
