package io.verge.cli;

import io.verge.local.CursorView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.UplinkView;
import picocli.CommandLine.Command;

@Command(
    name = "uplink",
    description = "The links to the back ends; exit code 1 if one is not up.",
    footer = {"", "Example: verge uplink"},
    mixinStandardHelpOptions = true)
final class UplinkCommand extends Asking {
  private boolean down;

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
          down |= !uplink.state().equals("up");
          if (json()) {
            screen().json(raw);
          } else {
            print(uplink);
          }
          return true;
        });
    return down ? ExitCode.WRONG : ExitCode.DONE;
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
    if (uplink.state().equals("up")) {
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
