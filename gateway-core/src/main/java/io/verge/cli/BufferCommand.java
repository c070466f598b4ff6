package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.BufferView;
import io.verge.local.CardView;
import io.verge.local.LaneView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import picocli.CommandLine.Command;

@Command(
    name = "buffer",
    description = "What is stored, what is still to be delivered, what was lost.",
    footer = {"", "Example: verge buffer"},
    mixinStandardHelpOptions = true)
final class BufferCommand extends Asking {
  BufferCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject answer = client.ask("buffer", args(), LocalClient.ANSWER_MS);
    BufferView buffer = client.view(answer, BufferView.class);
    if (json()) {
      screen().json(answer);
      return ExitCode.DONE;
    }
    screen()
        .line(
            Units.bytes(buffer.bytes())
                + " of "
                + Units.bytes(buffer.limitBytes())
                + " ("
                + Units.percent(buffer.bytes(), buffer.limitBytes())
                + "), "
                + Units.bytes(buffer.freeBytes())
                + " free on the disk");
    CardView card = buffer.card();
    if (card != null) {
      for (String line : CardLines.of(card)) {
        screen().line(line);
      }
    }
    screen().line("");
    Table table =
        new Table(
            "LANE", ">UNSEALED", ">BATCHES", ">UNACKED", ">BYTES", ">OLDEST", ">LAST", ">LOST");
    for (LaneView lane : buffer.lanes()) {
      table.row(
          lane.lostReadings() > 0,
          lane.lane(),
          lane.journalReadings(),
          lane.batches(),
          lane.unackedBatches(),
          Units.bytes(lane.unackedBytes()),
          Units.spanOrDash(lane.oldestUnackedMs()),
          lane.lastBatch(),
          lane.lostReadings());
    }
    screen().table(table);
    return ExitCode.DONE;
  }
}
