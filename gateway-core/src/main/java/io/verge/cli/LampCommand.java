package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "lamp",
    description =
        "Sets a lamp's level, or gives it back to the plan; exit code 1 if the lamp did not take"
            + " it.",
    footer = {
      "",
      "Example: verge lamp lamp-17 40% --for 30m",
      "A lamp of the plan returns to it by itself: after TIME, or after the plan's override."
    },
    mixinStandardHelpOptions = true)
final class LampCommand extends Asking {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "0", paramLabel = "TARGET", description = "The lamp.")
  private String target = "";

  @Parameters(index = "1", paramLabel = "LEVEL", description = "0% to 100%, on, off, or plan.")
  private String level = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "Then the plan returns: 90s, 30m, 2h, at most 7d.")
  private @Nullable String time;

  LampCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    boolean isRelease = level.equals("plan");
    try {
      args.addProperty("target", target);
      if (isRelease && time != null) {
        throw new IllegalArgumentException("a lamp goes back to the plan at once: without --for");
      }
      if (!isRelease) {
        args.addProperty("level", level(level));
      }
      if (time != null) {
        args.addProperty("for_ms", Units.duration(time));
      }
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    JsonObject answer = client.ask(isRelease ? "release" : "lamp", args, LocalClient.FIELD_MS);
    CommandView command = client.view(answer, CommandView.class);
    boolean done = command.state().equals("done");
    if (json()) {
      screen().json(answer);
    } else {
      String line =
          command.target()
              + "  "
              + Lines.pairs(command.args())
              + "  "
              + command.state()
              + (command.why().isEmpty() ? "" : ": " + command.why());
      if (done) {
        screen().good(line);
      } else {
        screen().bad(line);
      }
    }
    return done ? ExitCode.DONE : ExitCode.WRONG;
  }

  private static int level(String text) {
    if (text.equals("on")) {
      return 100;
    }
    if (text.equals("off")) {
      return 0;
    }
    if (text.matches("\\d{1,3}%?")) {
      int level = Integer.parseInt(text.replace("%", ""));
      if (level <= 100) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not a level: 0% to 100%, on, off, or plan");
  }
}
