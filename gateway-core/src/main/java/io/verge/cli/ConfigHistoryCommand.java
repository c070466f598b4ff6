package io.verge.cli;

import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.VersionView;
import picocli.CommandLine.Command;

@Command(
    name = "history",
    description = "The versions of the configuration: which runs, who brought each, and when.",
    footer = {"", "Example: verge config history"},
    mixinStandardHelpOptions = true)
final class ConfigHistoryCommand extends Asking {
  private static final int SHA_SHOWN = 12;

  ConfigHistoryCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    Table table = new Table(">VERSION", "STATE", "WHEN", "WHO", "SHA-256");
    client.views(
        "configs",
        args(),
        LocalClient.ANSWER_MS,
        VersionView.class,
        (version, raw) -> {
          if (json()) {
            screen().json(raw);
          }
          table.row(
              version.state().equals("returned"),
              version.number(),
              version.state(),
              Lines.time(version.at()).strip(),
              version.who(),
              version.sha256().substring(0, Math.min(SHA_SHOWN, version.sha256().length())));
          if (!version.note().isEmpty()) {
            table.note(false, "         " + version.note());
          }
          return true;
        });
    if (!json()) {
      screen().table(table);
    }
    return ExitCode.DONE;
  }
}
