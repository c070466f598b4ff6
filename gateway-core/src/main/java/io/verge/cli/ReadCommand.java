package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.ReadingView;
import io.verge.local.SampleView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "read",
    description = "Reads a device now; exit code 1 if it does not answer well.",
    footer = {"", "Example: verge read lamp-17"},
    mixinStandardHelpOptions = true)
final class ReadCommand extends Asking {
  @Parameters(index = "0", paramLabel = "TARGET", description = "ASSET or ASSET/POINT.")
  private String target = "";

  ReadCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = args();
    args.addProperty("target", target);
    JsonObject answer = client.ask("read", args, LocalClient.FIELD_MS);
    SampleView sample = client.view(answer, SampleView.class);
    boolean good = sample.quality().equals("good");
    if (json()) {
      screen().json(answer);
    } else {
      String head = sample.asset() + "  " + sample.quality() + "  " + Lines.time(sample.at());
      if (good) {
        screen().good(head);
      } else {
        screen().bad(head);
      }
      Table table = new Table("POINT", ">VALUE", "UNIT", "QUALITY");
      for (ReadingView reading : sample.readings()) {
        table.row(
            !reading.quality().equals("good"),
            reading.point(),
            reading.value() == null ? "-" : reading.value(),
            reading.unit(),
            reading.quality());
      }
      screen().table(table);
    }
    return good ? ExitCode.DONE : ExitCode.WRONG;
  }
}
