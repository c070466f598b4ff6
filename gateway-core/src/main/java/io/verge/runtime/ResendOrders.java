package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.model.Command;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.uplink.UplinkWorker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The order that batches be sent once more. Any thread. */
final class ResendOrders implements CommandDesk.Own {
  /**
   * Sends batches that are still on disk once more: {@code lane} (0 to 2), {@code first}, {@code
   * last} (batch numbers), {@code uplink} (its name; else the one the command came by, or the only
   * one). A command by an uplink has batches sent to no other.
   */
  static final String RESEND = "resend";

  private static final String FROM_UPLINK = "uplink:";

  private final List<UplinkWorker> uplinks;

  /**
   * @param uplinks looked at when a command comes.
   */
  ResendOrders(List<UplinkWorker> uplinks) {
    this.uplinks = uplinks;
  }

  @Override
  public boolean execute(Command command, Consumer<Outcome> done) {
    if (!command.op().equals(RESEND)) {
      return false;
    }
    resend(command, done);
    return true;
  }

  private static Outcome rejected(String why) {
    return Outcome.of(Outcome.State.REJECTED, why);
  }

  private void resend(Command command, Consumer<Outcome> done) {
    Map<String, Object> args = command.args();
    if (!(args.get("lane") instanceof Long lane && lane >= 0 && lane < Lane.values().length)) {
      done.accept(
          rejected("lane " + args.get("lane") + ", expected 0 (event), 1 (meter), 2 (telemetry)"));
      return;
    }
    if (!(args.get("first") instanceof Long first
        && args.get("last") instanceof Long last
        && first >= 1
        && first <= last)) {
      done.accept(
          rejected(
              "batches "
                  + args.get("first")
                  + " to "
                  + args.get("last")
                  + ", expected first and last as numbers from 1 on"));
      return;
    }
    Optional<UplinkWorker> uplink = uplink(command);
    if (uplink.isEmpty()) {
      done.accept(rejected("uplink " + args.get("uplink") + ", expected one of " + names(command)));
      return;
    }
    uplink
        .get()
        .replay(
            Lane.of(lane.intValue()),
            first,
            last,
            (batches, bytes, why) -> done.accept(outcome(batches, bytes, why)));
  }

  private Optional<UplinkWorker> uplink(Command command) {
    Object named = command.args().get("uplink");
    List<UplinkWorker> allowed = allowed(command);
    if (named == null) {
      return allowed.size() == 1 ? Optional.of(allowed.get(0)) : Optional.empty();
    }
    return allowed.stream().filter(each -> each.settings().name().equals(named)).findFirst();
  }

  private List<UplinkWorker> allowed(Command command) {
    if (!command.origin().startsWith(FROM_UPLINK)) {
      return uplinks;
    }
    String own = command.origin().substring(FROM_UPLINK.length());
    return uplinks.stream().filter(each -> each.settings().name().equals(own)).toList();
  }

  private List<String> names(Command command) {
    return allowed(command).stream().map(each -> each.settings().name()).toList();
  }

  private static Outcome outcome(long batches, long bytes, String why) {
    Map<String, Object> details = Map.of("batches", batches, "bytes", bytes);
    if (!why.isEmpty()) {
      return new Outcome(Outcome.State.FAILED, why, details);
    }
    return batches == 0
        ? Outcome.of(Outcome.State.FAILED, "none of these batches is on disk any more")
        : Outcome.done(details);
  }
}
