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
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands from back ends and people: refuses what is malformed or expired, remembers the
 * rest durably before anything happens, has each executed once, and leaves an audit event of every
 * outcome. Has no thread: it runs where it is called, and only enqueues. Any thread.
 */
public final class CommandDesk {
  /** What the gateway itself does. */
  public interface Own {
    /**
     * Takes a command whose target is {@link Command#GATEWAY}. Only enqueues. Any thread.
     *
     * @param done called once, from any thread.
     * @return false if it knows no such operation; {@code done} is not called then.
     */
    boolean execute(Command command, Consumer<Outcome> done);

    /**
     * Goes on with a command that a stop interrupted.
     *
     * @param done called once, from any thread.
     * @return false if it does not; {@code done} is not called then.
     */
    default boolean resume(Command command, Consumer<Outcome> done) {
      return false;
    }

    /** What became of a command that a stop interrupted; null: nobody knows, or not its own. */
    default @Nullable Outcome readBack(Command command) {
      return null;
    }
  }

  /** Who executes. */
  public interface Targets {
    /** Index of the asset in the catalog, or {@link Event#NO_DEVICE}. */
    int device(String target);

    /**
     * Has the order executed; {@code done} is called once, from any thread.
     *
     * @param refusal asked just before it is executed: null lets it pass.
     * @return false if too much is waiting; {@code done} is not called then.
     */
    boolean execute(
        int device, Order order, Supplier<@Nullable Outcome> refusal, Consumer<Outcome> done);

    /**
     * Polls the device out of turn; {@code done} is called once, from any thread.
     *
     * @return false if too much is waiting; {@code done} is not called then.
     */
    boolean readBack(int device, Consumer<Found> done);

    /** The command has been done; what is to be remembered of it. Any thread. */
    default Outcome settled(Command command, Outcome outcome) {
      return outcome;
    }
  }

  /**
   * A device read back.
   *
   * @param values by point; points without a value are absent.
   * @param why it could not be read, or empty.
   * @param shows what a point reads after it was set.
   */
  public record Found(Map<String, BigDecimal> values, String why, Shows shows) {
    public Found {
      values = Map.copyOf(values);
    }
  }

  /** What a point reads after it was set to a value: {@link io.verge.driver.Driver#shown}. */
  @FunctionalInterface
  public interface Shows {
    long after(String point, long wanted);
  }

  /** Polls an asset out of turn; the outcome tells its values. */
  static final String READ = "read";

  private static final String INTERRUPTED = "interrupted by a stop of the gateway; ";

  /** Refusals told a minute: who floods is counted, and does not fill the event lane. */
  private static final int REFUSALS_A_MINUTE = 20;

  /** Characters of an argument in an audit event. */
  private static final int TOLD_MAX = 64;

  private static final long MINUTE_MS = 60_000;

  private final Targets targets;
  private final List<Own> own;
  private final CommandLog log;
  private final SampleSink events;
  private final Stamper stamper;
  private final Counters counters;
  private final Object refusing = new Object();
  private long minute = -1;
  private int refusals;

  public CommandDesk(
      Targets targets,
      List<Own> own,
      CommandLog log,
      SampleSink events,
      Stamper stamper,
      Counters counters) {
    this.targets = targets;
    this.own = List.copyOf(own);
    this.log = log;
    this.events = events;
    this.stamper = stamper;
    this.counters = counters;
  }

  /** A command message from a back end, unchecked. */
  public void message(String uplink, byte[] message) {
    Decoded<Command> decoded = CommandCodec.decode(message, "uplink:" + uplink);
    if (decoded instanceof Decoded.Invalid<Command> invalid) {
      refused(uplink, invalid.reason());
      return;
    }
    submit(decoded.orThrow(), null);
  }

  /** A message came by an uplink and is none of this gateway's: malformed, or for another one. */
  public void refused(String uplink, String why) {
    counters.increment("commands.invalid");
    synchronized (refusing) {
      long now = stamper.now().monoMs() / MINUTE_MS;
      refusals = now == minute ? refusals + 1 : 1;
      minute = now;
      if (refusals > REFUSALS_A_MINUTE) {
        counters.increment("commands.invalid_untold");
        return;
      }
    }
    note(
        "command.refused", Severity.WARNING, Event.NO_DEVICE, Map.of("uplink", uplink, "why", why));
  }

  /**
   * @param told hears the final outcome, from any thread; null: nobody waits.
   */
  public void submit(Command command, @Nullable Consumer<Outcome> told) {
    counters.increment("commands.received");
    long cameMs = stamper.now().monoMs();
    log.accept(
        command,
        known -> {
          if (known.isPresent()) {
            counters.increment("commands.repeated");
            if (told != null) {
              told.accept(known.get());
            }
          } else {
            execute(command, cameMs, told);
          }
        });
  }

  /**
   * After a power cut: what was under way then may or may not have happened, so each device is read
   * back before its command is reported. Nothing is executed again.
   */
  public void resume() {
    log.unfinished(rows -> rows.forEach(row -> readBack(row.command())));
  }

  private void readBack(Command command) {
    int device = targets.device(command.target());
    if (isOwn(command, device)) {
      Consumer<Outcome> done = outcome -> finish(command, device, outcome, null);
      if (own.stream().noneMatch(each -> each.resume(command, done))) {
        done.accept(ownReadBack(command));
      }
    } else if (device == Event.NO_DEVICE) {
      finish(command, device, failed("no asset '" + command.target() + "' here any more"), null);
    } else if (!targets.readBack(
        device, found -> finish(command, device, outcome(command, found), null))) {
      finish(command, device, failed("too much is waiting to read it back"), null);
    }
  }

  private static boolean isOwn(Command command, int device) {
    return device == Event.NO_DEVICE && command.target().equals(Command.GATEWAY);
  }

  private Outcome ownReadBack(Command command) {
    for (Own each : own) {
      Outcome found = each.readBack(command);
      if (found != null) {
        return found;
      }
    }
    return failed("what it had done by then stays; send it again");
  }

  private static Outcome failed(String why) {
    return Outcome.of(Outcome.State.FAILED, INTERRUPTED + why);
  }

  /**
   * {@code set-X} with argument {@code X} is done where point {@code X} has that value; of other
   * operations a reading tells nothing.
   */
  private static Outcome outcome(Command command, Found found) {
    if (command.op().equals(READ)) {
      return read(found);
    }
    String point = command.op().startsWith("set-") ? command.op().substring(4) : "";
    BigDecimal value = found.values().get(point);
    if (value == null || !(command.args().get(point) instanceof Long wanted)) {
      return failed(
          found.why().isEmpty()
              ? "a reading can't tell whether it happened"
              : "not read back: " + found.why());
    }
    Map<String, Object> details = Map.of("read-back", point + " " + value.toPlainString());
    return value.compareTo(BigDecimal.valueOf(found.shows().after(point, wanted))) == 0
        ? new Outcome(Outcome.State.DONE, INTERRUPTED + "read back", details)
        : new Outcome(Outcome.State.FAILED, INTERRUPTED + "it has not happened", details);
  }

  private static Outcome read(Found found) {
    if (found.values().isEmpty()) {
      return Outcome.of(
          Outcome.State.FAILED, found.why().isEmpty() ? "it tells no value" : found.why());
    }
    Map<String, Object> values = new TreeMap<>();
    found.values().forEach((point, value) -> values.put(point, value.toPlainString()));
    return Outcome.done(values);
  }

  private void execute(Command command, long cameMs, @Nullable Consumer<Outcome> told) {
    int device = targets.device(command.target());
    Outcome refusal = refusal(command, device, cameMs);
    if (refusal != null) {
      finish(command, device, refusal, told);
      return;
    }
    if (isOwn(command, device)) {
      Consumer<Outcome> done = outcome -> finish(command, device, outcome, told);
      if (own.stream().noneMatch(each -> each.execute(command, done))) {
        done.accept(Outcome.of(Outcome.State.REJECTED, "the gateway knows no " + command.op()));
      }
      return;
    }
    boolean taken =
        command.op().equals(READ)
            ? targets.readBack(device, found -> finish(command, device, read(found), told))
            : targets.execute(
                device,
                new Order(command.op(), command.args()),
                () -> refusal(command, device, cameMs),
                outcome -> finish(command, device, outcome, told));
    if (!taken) {
      finish(
          command, device, Outcome.of(Outcome.State.FAILED, "too many orders are waiting"), told);
    }
  }

  /**
   * Without a trusted clock a command lives as long after its coming as its sender gave it; one
   * whose sender does not say when it was issued can't be judged, and is executed.
   */
  private @Nullable Outcome refusal(Command command, int device, long cameMs) {
    Stamp now = stamper.now();
    if (command.expiresMs() > 0 && now.hasUtc() && now.utcMs() > command.expiresMs()) {
      return Outcome.of(
          Outcome.State.EXPIRED,
          "expired " + (now.utcMs() - command.expiresMs()) / 1000 + " s before its turn");
    }
    if (command.expiresMs() > 0
        && !now.hasUtc()
        && command.issuedMs() > 0
        && now.monoMs() - cameMs > command.expiresMs() - command.issuedMs()) {
      return Outcome.of(
          Outcome.State.EXPIRED, "waited longer than it was to live; the clock is not trusted");
    }
    if (device == Event.NO_DEVICE && !isOwn(command, device)) {
      return Outcome.of(Outcome.State.REJECTED, "no asset '" + command.target() + "' here");
    }
    return null;
  }

  private void finish(
      Command command, int device, Outcome result, @Nullable Consumer<Outcome> told) {
    Outcome outcome =
        result.state() == Outcome.State.DONE ? targets.settled(command, result) : result;
    counters.increment("commands." + outcome.state().word());
    Map<String, Object> details = new HashMap<>();
    details.put("id", command.id());
    details.put("target", command.target());
    details.put("op", command.op());
    details.put("origin", command.origin());
    if (!command.args().isEmpty()) {
      details.put("args", shortened(command.args()));
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

  /** A long text, such as a configuration, is told by its length. */
  private static Map<String, Object> shortened(Map<String, Object> args) {
    Map<String, Object> told = new HashMap<>(args);
    told.replaceAll(
        (key, value) ->
            value instanceof String text && text.length() > TOLD_MAX
                ? text.length() + " characters"
                : value);
    return told;
  }

  private void note(String kind, Severity severity, int device, Map<String, Object> details) {
    if (!events.offer(new Event(stamper.now(), kind, severity, device, details))) {
      counters.increment("events.no_room");
    }
  }
}
