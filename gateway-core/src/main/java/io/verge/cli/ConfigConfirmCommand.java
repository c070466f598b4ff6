package io.verge.cli;

import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import picocli.CommandLine.Command;

@Command(
    name = "confirm",
    description = "Keeps the configuration that is on trial, whatever it has proved.",
    footer = {"", "Example: verge config confirm"},
    mixinStandardHelpOptions = true)
final class ConfigConfirmCommand extends ConfigChanging {
  ConfigConfirmCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    return follow(client, change("confirm"), false);
  }
}
