package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description =
        "Ends a trial at once; without one, puts the version before, or version N, on trial.",
    footer = {"", "Example: verge config rollback 3"},
    mixinStandardHelpOptions = true)
final class ConfigRollbackCommand extends ConfigChanging {
  @Parameters(arity = "0..1", paramLabel = "N", description = "A version of the history.")
  private long number;

  @Option(names = "--no-wait", description = "Return while it is on trial.")
  private boolean noWait;

  ConfigRollbackCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = change("rollback");
    args.addProperty("number", number);
    return follow(client, args, !noWait);
  }
}
