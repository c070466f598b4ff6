package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.util.List;
import picocli.CommandLine.Parameters;

/** What the commands share that change by what a device measures. */
abstract class Adjusting extends Asking {
  @Parameters(index = "0", paramLabel = "TARGET", description = "The asset.")
  private String target = "";

  Adjusting(Screen screen) {
    super(screen);
  }

  /** Sends it and prints what became of it. */
  final int adjust(LocalClient client, String word, JsonObject args) throws Unreachable, Refused {
    args.addProperty("target", target);
    JsonObject answer = client.ask(word, args, LocalClient.FIELD_MS);
    CommandView command = client.view(answer, CommandView.class);
    boolean done = command.state().equals("done");
    if (json()) {
      screen().json(answer);
    } else if (done) {
      told(command).forEach(screen()::good);
      screen().line("Next: verge read " + command.target());
    } else {
      screen().bad(command.target() + "  " + command.state() + ": " + command.why());
    }
    return done ? ExitCode.DONE : ExitCode.WRONG;
  }

  /** What was changed, line by line. */
  abstract List<String> told(CommandView done);

  static String of(CommandView command, String name) {
    return command.result().getOrDefault(name, "?");
  }
}
