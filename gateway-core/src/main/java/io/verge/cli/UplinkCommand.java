package io.verge.cli;

import io.verge.local.CursorView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.RecoveryView;
import io.verge.local.UplinkView;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "uplink",
    description = "The links to the back ends; exit code 1 if one is not up.",
    footer = {"", "Example: verge uplink"},
    mixinStandardHelpOptions = true)
final class UplinkCommand extends Asking {
  private boolean down;
  private @Nullable RecoveryView recovery;

  UplinkCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    client.views(
        "uplinks",
        args(),
        LocalClient.ANSWER_MS,
        UplinkView.class,
        (uplink, raw) -> {
          down |= !uplink.isWell();
          if (json()) {
            screen().json(raw);
          } else {
            print(uplink);
            recovery = uplink.recovery();
          }
          return true;
        });
    if (recovery != null) {
      print(recovery);
    }
    return down ? ExitCode.WRONG : ExitCode.DONE;
  }

  private void print(RecoveryView modem) {
    String head =
        "modem  "
            + (modem.silentMs() == 0 ? "" : "no ack for " + Units.span(modem.silentMs()) + ": ")
            + modem.state();
    if (modem.locked()) {
      screen().bad(head);
    } else {
      screen().line(head);
    }
    Long lastMs = modem.lastMs();
    if (lastMs != null) {
      screen()
          .line(
              "  last step  "
                  + modem.last()
                  + ", "
                  + Lines.ago(lastMs)
                  + ": "
                  + modem.lastOutcome());
    }
    if (!modem.today().isEmpty()) {
      StringBuilder steps = new StringBuilder();
      modem.today().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              step ->
                  steps
                      .append(steps.isEmpty() ? "" : ", ")
                      .append(step.getKey())
                      .append(' ')
                      .append(step.getValue()));
      screen().line("  in 24 h    " + steps);
    }
  }

  private void print(UplinkView uplink) {
    boolean application = uplink.ack().equals("application");
    String head =
        uplink.name()
            + "  "
            + uplink.state()
            + " for "
            + Units.span(uplink.stateMs())
            + (uplink.why().isEmpty() ? "" : ": " + uplink.why());
    if (uplink.isWell()) {
      screen().good(head);
    } else {
      screen().bad(head);
    }
    screen().line("  server     " + uplink.server() + " (" + uplink.kind() + ")");
    screen().line("  codec      " + uplink.codec());
    screen().line("  acked      when " + uplink.delivered());
    if (uplink.refused() > 0) {
      screen()
          .bad(
              "  refused    "
                  + uplink.refused()
                  + (uplink.refused() == 1 ? " batch" : " batches")
                  + " for good, last "
                  + String.join(", ", uplink.refusedLast())
                  + ": declared lost");
    }
    if (uplink.nextTryMs() != null) {
      screen().line("  next try   in " + Units.span(uplink.nextTryMs()));
    }
    screen()
        .line(
            "  last ack   "
                + Lines.ago(uplink.lastAckMs())
                + (application ? " by the back end" : " by the broker only")
                + ", "
                + uplink.inFlight()
                + " in flight");
    screen()
        .line(
            "  this month "
                + Units.bytes(uplink.monthBytes())
                + (uplink.budgetBytes() == 0
                    ? ""
                    : " of "
                        + Units.bytes(uplink.budgetBytes())
                        + " ("
                        + Units.percent(uplink.monthBytes(), uplink.budgetBytes())
                        + ")"));
    new MonthPicture(Glyphs.of(false, true))
        .lines(uplink)
        .forEach(line -> screen().line("  " + line));
    Table table = new Table("  LANE", application ? ">DELIVERED" : ">SENT", ">LAST", ">TO GO");
    for (CursorView cursor : uplink.lanes()) {
      table.row(
          false,
          "  " + cursor.lane(),
          cursor.acked(),
          cursor.last(),
          cursor.last() - cursor.acked());
    }
    screen().table(table);
  }
}
