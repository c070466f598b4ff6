package io.verge.command;

import io.verge.bytes.Decoded;
import io.verge.driver.Order;
import io.verge.health.Counters;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.store.CommandLog;
import io.verge.time.Stamper;
import io.verge.wire.CommandCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands from back ends and people: refuses what is malformed or expired, remembers the
 * rest durably before anything happens, has each executed once, and leaves an audit event of every
 * outcome. Has no thread: it runs where it is called, and only enqueues. Any thread.
 */
public final class CommandDesk {
  /** Who executes. */
  public interface Targets {
    /** Index of the asset in the catalog, or {@link Event#NO_DEVICE}. */
    int device(String target);

    /**
     * Has the order executed; {@code done} is called once, from any thread.
     *
     * @return false if too much is waiting; {@code done} is not called then.
     */
    boolean execute(int device, Order order, Consumer<Outcome> done);
  }

  private final Targets targets;
  private final CommandLog log;
  private final SampleSink events;
  private final Stamper stamper;
  private final Counters counters;

  public CommandDesk(
      Targets targets, CommandLog log, SampleSink events, Stamper stamper, Counters counters) {
    this.targets = targets;
    this.log = log;
    this.events = events;
    this.stamper = stamper;
    this.counters = counters;
  }

  /** A command message from a back end, unchecked. */
  public void message(String uplink, byte[] message) {
    Decoded<Command> decoded = CommandCodec.decode(message, "uplink:" + uplink);
    if (decoded instanceof Decoded.Invalid<Command> invalid) {
      counters.increment("commands.invalid");
      note(
          "command.refused",
          Severity.WARNING,
          Event.NO_DEVICE,
          Map.of("uplink", uplink, "why", invalid.reason()));
      return;
    }
    submit(decoded.orThrow(), null);
  }

  /**
   * @param told hears the final outcome, from any thread; null: nobody waits.
   */
  public void submit(Command command, @Nullable Consumer<Outcome> told) {
    counters.increment("commands.received");
    log.accept(
        command,
        known -> {
          if (known.isPresent()) {
            counters.increment("commands.repeated");
            if (told != null) {
              told.accept(known.get());
            }
          } else {
            execute(command, told);
          }
        });
  }

  /** After a power cut: what was under way then is not known to have happened. */
  public void resume() {
    log.unfinished(
        rows ->
            rows.forEach(
                row ->
                    finish(
                        row.command(),
                        targets.device(row.command().target()),
                        Outcome.of(Outcome.State.FAILED, "interrupted by a stop of the gateway"),
                        null)));
  }

  private void execute(Command command, @Nullable Consumer<Outcome> told) {
    int device = targets.device(command.target());
    Outcome refusal = refusal(command, device);
    if (refusal != null) {
      finish(command, device, refusal, told);
      return;
    }
    boolean taken =
        targets.execute(
            device,
            new Order(command.op(), command.args()),
            outcome -> finish(command, device, outcome, told));
    if (!taken) {
      finish(
          command, device, Outcome.of(Outcome.State.FAILED, "too many orders are waiting"), told);
    }
  }

  private @Nullable Outcome refusal(Command command, int device) {
    Stamp now = stamper.now();
    if (command.expiresMs() > 0 && now.hasUtc() && now.utcMs() > command.expiresMs()) {
      return Outcome.of(
          Outcome.State.EXPIRED,
          "expired " + (now.utcMs() - command.expiresMs()) / 1000 + " s before it came");
    }
    if (device == Event.NO_DEVICE) {
      return Outcome.of(Outcome.State.REJECTED, "no asset '" + command.target() + "' here");
    }
    return null;
  }

  private void finish(
      Command command, int device, Outcome outcome, @Nullable Consumer<Outcome> told) {
    counters.increment("commands." + outcome.state().word());
    Map<String, Object> details = new HashMap<>();
    details.put("id", command.id());
    details.put("target", command.target());
    details.put("op", command.op());
    details.put("origin", command.origin());
    if (!command.args().isEmpty()) {
      details.put("args", command.args());
    }
    if (!outcome.why().isEmpty()) {
      details.put("why", outcome.why());
    }
    if (!outcome.details().isEmpty()) {
      details.put("result", outcome.details());
    }
    log.update(
        command.id(),
        outcome,
        new Event(
            stamper.now(),
            "command." + outcome.state().word(),
            outcome.state() == Outcome.State.DONE ? Severity.NOTICE : Severity.WARNING,
            device,
            details));
    if (told != null) {
      told.accept(outcome);
    }
  }

  private void note(String kind, Severity severity, int device, Map<String, Object> details) {
    if (!events.offer(new Event(stamper.now(), kind, severity, device, details))) {
      counters.increment("events.no_room");
    }
  }
}
