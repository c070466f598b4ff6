package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.model.Command;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.uplink.UplinkWorker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Operations whose target is the gateway itself. Any thread. */
final class OwnOperations implements CommandDesk.Own {
  /**
   * Sends batches that are still on disk once more: {@code lane} (its word), {@code first}, {@code
   * last} (batch numbers), {@code uplink} (its name; else the one the command came by, or the only
   * one).
   */
  static final String RESEND = "resend";

  private static final String FROM_UPLINK = "uplink:";

  private final List<UplinkWorker> uplinks;

  /**
   * @param uplinks looked at when a command comes.
   */
  OwnOperations(List<UplinkWorker> uplinks) {
    this.uplinks = uplinks;
  }

  @Override
  public void execute(Command command, Consumer<Outcome> done) {
    if (command.op().equals(RESEND)) {
      resend(command, done);
    } else {
      done.accept(rejected("the gateway does not '" + command.op() + "'; it knows: " + RESEND));
    }
  }

  private static Outcome rejected(String why) {
    return Outcome.of(Outcome.State.REJECTED, why);
  }

  private void resend(Command command, Consumer<Outcome> done) {
    Map<String, Object> args = command.args();
    Optional<Lane> lane =
        Arrays.stream(Lane.values())
            .filter(each -> each.word().equals(args.get("lane")))
            .findFirst();
    if (lane.isEmpty()) {
      done.accept(
          rejected("lane " + args.get("lane") + ", expected event, meter or telemetry as text"));
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
      done.accept(rejected("uplink " + args.get("uplink") + ", expected one of " + names()));
      return;
    }
    uplink
        .get()
        .replay(
            lane.get(),
            first,
            last,
            (batches, bytes, why) -> done.accept(outcome(batches, bytes, why)));
  }

  private Optional<UplinkWorker> uplink(Command command) {
    Object named = command.args().get("uplink");
    String name =
        named instanceof String text
            ? text
            : named == null && command.origin().startsWith(FROM_UPLINK)
                ? command.origin().substring(FROM_UPLINK.length())
                : "";
    if (named == null && name.isEmpty() && uplinks.size() == 1) {
      return Optional.of(uplinks.get(0));
    }
    return uplinks.stream().filter(each -> each.settings().name().equals(name)).findFirst();
  }

  private List<String> names() {
    return uplinks.stream().map(each -> each.settings().name()).toList();
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
