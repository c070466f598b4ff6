package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "calibrate",
    description =
        "Tells a container's sensor how far away the empty floor and the full line are; exit code"
            + " 1 if it could not measure.",
    footer = {
      "",
      "Example: verge calibrate bin-07 --empty",
      "--empty and --full alone measure now; with a number (--empty=1985) nothing is",
      "measured. It holds over restarts, until empty_mm or full_mm of the",
      "configuration is changed, and leaves an event."
    },
    mixinStandardHelpOptions = true)
final class CalibrateCommand extends Adjusting {
  private static final String NOW = "now";
  private static final int MM_MOST = 100_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--empty",
      arity = "0..1",
      fallbackValue = NOW,
      paramLabel = "MM",
      description = "It is empty now, or: this far is the floor.")
  private @Nullable String empty;

  @Option(
      names = "--full",
      arity = "0..1",
      fallbackValue = NOW,
      paramLabel = "MM",
      description = "It is full now, or: this far is full.")
  private @Nullable String full;

  @Option(names = "--forget", description = "Back to the distances of the configuration.")
  private boolean forget;

  CalibrateCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    return adjust(client, "calibrate", distances());
  }

  private JsonObject distances() {
    JsonObject args = args();
    try {
      if (forget == (empty != null || full != null)) {
        throw new IllegalArgumentException("one of --empty, --full or --forget is needed");
      }
      if (NOW.equals(empty) && NOW.equals(full)) {
        throw new IllegalArgumentException("it can't be empty and full now: give one in MM");
      }
      if (forget) {
        args.addProperty("forget", true);
      }
      add(args, "empty", empty);
      add(args, "full", full);
      return args;
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void add(JsonObject args, String end, @Nullable String given) {
    if (given == null) {
      return;
    }
    if (given.equals(NOW)) {
      args.addProperty("measure", end);
      return;
    }
    if (!given.matches("[0-9]{1,6}") || Integer.parseInt(given) > MM_MOST) {
      throw new IllegalArgumentException(
          "'" + given + "' is no distance in mm: --" + end + "=1985, or --" + end + " to measure");
    }
    args.addProperty(end, Integer.parseInt(given));
  }

  @Override
  List<String> told(CommandView done) {
    List<String> lines = new ArrayList<>();
    lines.add(
        done.target()
            + "  empty at "
            + of(done, "empty_mm")
            + " mm (was "
            + of(done, "empty_before_mm")
            + "), full at "
            + of(done, "full_mm")
            + " mm (was "
            + of(done, "full_before_mm")
            + ")");
    if (done.result().containsKey("measured_mm")) {
      lines.add(
          "Measured "
              + of(done, "measured_mm")
              + " mm: "
              + of(done, "echoes")
              + " echoes, "
              + of(done, "spread_mm")
              + " mm apart.");
    }
    return lines;
  }
}
