package io.verge.runtime;

import io.verge.model.Command;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.uplink.UplinkWorker;
import java.util.List;
import java.util.function.Consumer;

/** Commands whose target is the gateway itself. */
final class OwnCommands {
  private static final String RESEND = "resend";
  private static final String UPLINK = "uplink:";

  private final List<UplinkWorker> uplinks;

  OwnCommands(List<UplinkWorker> uplinks) {
    this.uplinks = uplinks;
  }

  void execute(Command command, Consumer<Outcome> done) {
    if (!command.op().equals(RESEND)) {
      done.accept(rejected("the gateway knows no '" + command.op() + "', only " + RESEND));
      return;
    }
    if (!(command.args().get("lane") instanceof Long lane)
        || lane < 0
        || lane >= Lane.values().length
        || !(command.args().get("first") instanceof Long first)
        || first < 1) {
      done.accept(
          rejected("args " + command.args() + ", expected lane 0..2 and first, a batch's number"));
      return;
    }
    for (UplinkWorker uplink : uplinks) {
      if (command.origin().equals(UPLINK + uplink.settings().name())) {
        uplink.resend(Lane.of(lane.intValue()), first, done);
        return;
      }
    }
    done.accept(rejected("only the back end that is to get them can ask for batches"));
  }

  private static Outcome rejected(String why) {
    return Outcome.of(Outcome.State.REJECTED, why);
  }
}
