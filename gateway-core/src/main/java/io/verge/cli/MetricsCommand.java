package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.StatusView;
import picocli.CommandLine.Command;

@Command(
    name = "metrics",
    description = "The gateway's figures in OpenMetrics text, for a collector.",
    footer = {
      "",
      "Example: verge metrics > /var/lib/node_exporter/verge.prom",
      "With --json: the status they are taken from."
    },
    mixinStandardHelpOptions = true)
final class MetricsCommand extends Asking {
  MetricsCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject answer = client.ask("status", args(), LocalClient.ANSWER_MS);
    StatusView status = client.view(answer, StatusView.class);
    if (json()) {
      screen().json(answer);
    } else {
      OpenMetrics.of(status).forEach(screen()::whole);
    }
    return ExitCode.DONE;
  }
}
