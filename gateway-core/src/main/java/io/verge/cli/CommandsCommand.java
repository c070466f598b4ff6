package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "commands",
    description = "What was asked of this gateway, by whom, and what became of it.",
    footer = {"", "Example: verge commands --last 5"},
    mixinStandardHelpOptions = true)
final class CommandsCommand extends Asking {
  @Option(names = "--last", paramLabel = "N", description = "How many (default: ${DEFAULT-VALUE}).")
  private int last = 20;

  CommandsCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    args.addProperty("most", last);
    Table table = new Table(">AGE", "TARGET", "COMMAND", "ORIGIN", "STATE");
    client.views(
        "commands",
        args,
        LocalClient.ANSWER_MS,
        CommandView.class,
        (command, raw) -> {
          if (json()) {
            screen().json(raw);
          }
          table.row(
              command.state().equals("failed"),
              Units.spanOrDash(command.ageMs()),
              command.target(),
              command.op() + " " + Lines.pairs(command.args()),
              command.origin(),
              command.state());
          if (!command.why().isEmpty()) {
            table.note(false, "  " + command.why());
          }
          return true;
        });
    if (!json()) {
      if (table.isEmpty()) {
        screen().line("No commands.");
      } else {
        screen().table(table);
      }
    }
    return ExitCode.DONE;
  }
}
