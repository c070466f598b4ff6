package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.BusView;
import io.verge.local.LaneView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.ProblemView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import java.util.Objects;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description = "What is wrong, and how the gateway is; exit code 1 if anything is wrong.",
    footer = {"", "Example: verge status"},
    mixinStandardHelpOptions = true)
final class StatusCommand extends Asking {
  private static final int BUSES_MAX = 8;

  StatusCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject answer = client.ask("status", args(), LocalClient.ANSWER_MS);
    StatusView status = client.view(answer, StatusView.class);
    if (json()) {
      screen().json(answer);
    } else {
      print(status);
    }
    return status.problems().isEmpty() && status.ready() ? ExitCode.DONE : ExitCode.WRONG;
  }

  private void print(StatusView status) {
    Screen screen = screen();
    screen.line(
        (status.name().isEmpty() ? "" : status.name() + ", ")
            + status.gateway()
            + ", Verge "
            + status.version()
            + ", up "
            + Units.span(status.upMs())
            + (status.ready() ? "" : ", STARTING"));
    screen.line("");
    if (status.problems().isEmpty()) {
      screen.good("No problems.");
    } else {
      int count = status.problems().size();
      screen.bad(count == 1 ? "1 problem:" : count + " problems:");
      status.problems().forEach(this::problem);
    }
    screen.line("");
    screen.line("clock   " + clock(status));
    screen.line(
        "buffer  "
            + Units.bytes(status.buffer().bytes())
            + " of "
            + Units.bytes(status.buffer().limitBytes()));
    screen.line("        " + unacked(status));
    screen.line("");
    screen.table(buses(status));
    screen.line("");
    screen.table(uplinks(status));
  }

  private void problem(ProblemView problem) {
    String span = problem.forMs() == null ? "" : ", for " + Units.span(problem.forMs());
    screen().wrapped("  ", problem.where() + ": " + problem.what() + span, "    ");
    if (!problem.next().isEmpty()) {
      screen().wrapped("    ", problem.next(), "    ");
    }
  }

  private static String clock(StatusView status) {
    return status.clock().trusted()
        ? "trusted, good to "
            + status.clock().uncertaintyMs()
            + " ms, "
            + Lines.time(status.clock().utc())
        : "not trusted; samples are dated since boot and corrected later";
  }

  private static String unacked(StatusView status) {
    long unacked = 0;
    long journal = 0;
    for (LaneView lane : status.buffer().lanes()) {
      unacked += lane.unackedBatches();
      journal += lane.journalReadings();
    }
    Long oldest =
        status.buffer().lanes().stream()
            .map(LaneView::oldestUnackedMs)
            .filter(Objects::nonNull)
            .max(Long::compare)
            .orElse(null);
    return journal
        + " readings unsealed, "
        + unacked
        + " batches unacked"
        + (oldest == null ? "" : ", oldest " + Units.span(oldest));
  }

  /** Of many buses only those with something wrong, so that the problems stay on the screen. */
  private static Table buses(StatusView status) {
    boolean many = status.buses().size() > BUSES_MAX;
    int left = 0;
    long devices = 0;
    Table table = new Table("BUS", "STATE", ">DEVICES", ">SILENT", ">POLLS/MIN", ">LOAD", "PORT");
    for (BusView bus : status.buses()) {
      if (many && bus.state().equals("up") && bus.silent().isEmpty()) {
        left++;
        devices += bus.devices();
        continue;
      }
      table.row(
          !bus.state().equals("up"),
          bus.name(),
          bus.state(),
          bus.devices(),
          bus.silent().size(),
          bus.pollsPerMinute(),
          bus.loadPercent() + "%",
          bus.port());
      if (!bus.why().isEmpty()) {
        table.note(true, bus.why());
      }
    }
    if (left > 0) {
      table.note(
          false, left + " buses up, all their " + devices + " devices answer; all: verge watch");
    }
    return table;
  }

  private static Table uplinks(StatusView status) {
    Table table = new Table("UPLINK", "STATE", ">FOR", ">LAST ACK", "SERVER");
    for (UplinkView uplink : status.uplinks()) {
      table.row(
          !uplink.isWell(),
          uplink.name(),
          uplink.state(),
          Units.span(uplink.stateMs()),
          Lines.ago(uplink.lastAckMs()),
          uplink.server());
    }
    return table;
  }
}
