package io.verge.autonomy;

import io.verge.autonomy.Ladder.Rung;
import io.verge.autonomy.Ladder.Seen;
import io.verge.autonomy.Ladder.Verdict;
import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Severity;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether any back end acks, and has the steps of the {@link Ladder} taken where none does.
 * Each step, its failure, the lock-out and the recovery are events; how often steps were taken is
 * kept over restarts.
 */
public final class LinkKeeper implements Worker {
  private static final long LOOK_NANOS = 10_000_000_000L;

  /** All uplinks together. */
  public interface Link {
    /** Some back end has acked all that was sent to it, or nothing is to be sent. */
    boolean isWell();

    /** Bytes that came from any server, all connections of this run. */
    long received();

    /** Some server has refused us: it is there. */
    boolean isRefused();
  }

  /** Who takes the steps. */
  public interface Hands {
    /**
     * Begins a step; {@link Rung#POWER} only switches off.
     *
     * @param done called once, from any thread.
     * @return false if it can't be begun; {@code done} is not called then.
     */
    boolean take(Rung rung, Consumer<Outcome> done);

    /** Switches the modem's power on; the same of {@code done}. */
    boolean powerOn(Consumer<Outcome> done);
  }

  /** Numbers that outlive a run. */
  public interface Memory {
    long[] kept();

    void keep(long[] numbers);
  }

  /**
   * What it was last seen doing.
   *
   * @param state of it, as a sentence.
   * @param silentMs without an ack; 0: all is well.
   * @param last the last step of this run; null: none.
   * @param lastMs monotonic milliseconds of it.
   * @param lastOutcome of it: {@code done}, or why not.
   * @param today steps of the last 24 hours of running, by their words.
   * @param isLocked whether all steps were in vain.
   */
  public record View(
      String state,
      long silentMs,
      @Nullable Rung last,
      long lastMs,
      String lastOutcome,
      Map<String, Integer> today,
      boolean isLocked) {
    public View {
      today = Map.copyOf(today);
    }
  }

  private final Ladder ladder;
  private final long powerOffMs;
  private final Supplier<Link> link;
  private final Hands hands;
  private final Memory memory;
  private final SampleSink events;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Counters counters;
  private final Bell bell = new Bell();
  private final ConcurrentLinkedQueue<LongConsumer> news = new ConcurrentLinkedQueue<>();
  private final long startMs;
  private final long ranBeforeMs;
  private Ladder.State state;
  private long wellMs;
  private long received;
  private long reachedMs = Long.MIN_VALUE;
  private @Nullable Rung underWay;
  private long powerBackMs;
  private @Nullable Rung last;
  private long lastMs;
  private String lastOutcome = "";
  private volatile View view;

  /**
   * @param powerOffMs how long the modem stays without power; 0: its power is not ours.
   */
  public LinkKeeper(
      Ladder ladder,
      long powerOffMs,
      Supplier<Link> link,
      Hands hands,
      Memory memory,
      SampleSink events,
      Stamper stamper,
      Ticker ticker,
      Counters counters) {
    this.ladder = ladder;
    this.powerOffMs = powerOffMs;
    this.link = link;
    this.hands = hands;
    this.memory = memory;
    this.events = events;
    this.stamper = stamper;
    this.ticker = ticker;
    this.counters = counters;
    long[] kept = memory.kept();
    this.state = Ladder.State.of(kept);
    this.ranBeforeMs = kept.length > 0 ? Math.max(0, kept[0]) : 0;
    this.startMs = ticker.millis();
    this.wellMs = startMs;
    // A stop in the middle of a power-off left it off.
    this.powerBackMs = powerOffMs > 0 ? startMs : 0;
    this.view = new View("", 0, null, 0, "", Map.of(), false);
  }

  public View view() {
    return view;
  }

  @Override
  public String name() {
    return "modem";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  private long ranMs(long nowMs) {
    return ranBeforeMs + nowMs - startMs;
  }

  @Override
  public long step(long nowNanos) {
    long nowMs = ticker.millis();
    for (LongConsumer one = news.poll(); one != null; one = news.poll()) {
      one.accept(nowMs);
    }
    if (powerBackMs > 0 && nowMs >= powerBackMs && underWay == null) {
      powerOn(nowMs);
    }
    look(nowMs);
    return nowNanos + LOOK_NANOS;
  }

  private void powerOn(long nowMs) {
    powerBackMs = nowMs + LOOK_NANOS / 1_000_000;
    boolean begun =
        hands.powerOn(
            outcome ->
                hear(
                    later -> {
                      if (outcome.state() == Outcome.State.DONE) {
                        powerBackMs = 0;
                      } else {
                        lastOutcome = "power on: " + outcome.why();
                      }
                    }));
    if (!begun) {
      lastOutcome = "power on: too much is waiting";
    }
  }

  private void hear(LongConsumer one) {
    news.add(one);
    bell.ring();
  }

  private void look(long nowMs) {
    Link now = link.get();
    if (now.isWell()) {
      wellMs = nowMs;
    }
    if (now.received() > received || now.isRefused()) {
      reachedMs = nowMs;
    }
    received = now.received();
    boolean reached = reachedMs != Long.MIN_VALUE && nowMs - reachedMs < ladder.pauseMs();
    long silentMs = nowMs - wellMs;
    Ladder.Decision decision =
        ladder.decide(state, new Seen(ranMs(nowMs), now.isWell() ? 0 : silentMs, reached));
    boolean isBusy = underWay != null || powerBackMs > 0;
    if (!isBusy || decision.verdict() == Verdict.RECOVERED) {
      act(decision, silentMs, nowMs);
    }
    publish(decision.verdict(), now.isWell() ? 0 : silentMs, nowMs);
  }

  private void act(Ladder.Decision decision, long silentMs, long nowMs) {
    Rung rung = decision.rung();
    boolean isNews = !decision.state().equals(state);
    state = decision.state();
    switch (decision.verdict()) {
      case STEP -> {
        if (rung != null) {
          begin(rung, silentMs, nowMs);
        }
      }
      case LOCK_OUT ->
          event(
              "modem.locked-out",
              Severity.ERROR,
              details(silentMs, "hours", ladder.lockOutMs() / 3_600_000));
      case RECOVERED ->
          event(
              "modem.recovered", Severity.NOTICE, Map.of("last", last == null ? "" : last.word()));
      default -> {}
    }
    if (isNews) {
      memory.keep(state.numbers(ranMs(nowMs)));
    }
  }

  private void begin(Rung rung, long silentMs, long nowMs) {
    counters.increment("modem.steps");
    last = rung;
    lastMs = nowMs;
    lastOutcome = "under way";
    underWay = rung;
    Map<String, Object> details = details(silentMs, "today", state.today(rung, ranMs(nowMs)));
    details.put("step", rung.word());
    event("modem.step", Severity.WARNING, details);
    if (!hands.take(rung, outcome -> hear(later -> done(rung, outcome, later)))) {
      done(rung, Outcome.of(Outcome.State.FAILED, "too much is waiting"), nowMs);
    }
  }

  private void done(Rung rung, Outcome outcome, long nowMs) {
    underWay = null;
    boolean isDone = outcome.state() == Outcome.State.DONE;
    lastOutcome = isDone ? "done" : outcome.why();
    if (rung == Rung.POWER) {
      powerBackMs = nowMs + powerOffMs;
    }
    if (!isDone) {
      counters.increment("modem.steps_failed");
      state = state.failed(ranMs(nowMs), ladder.pauseMs());
      event("modem.step-failed", Severity.ERROR, Map.of("step", rung.word(), "why", outcome.why()));
    }
  }

  private static Map<String, Object> details(long silentMs, String name, long value) {
    Map<String, Object> details = new HashMap<>();
    details.put("silent_s", silentMs / 1000);
    details.put(name, value);
    return details;
  }

  private void event(String kind, Severity severity, Map<String, Object> details) {
    if (!events.offer(new Event(stamper.now(), kind, severity, Event.NO_DEVICE, details))) {
      counters.increment("events.no_room");
    }
  }

  private void publish(Verdict verdict, long silentMs, long nowMs) {
    long ran = ranMs(nowMs);
    Map<String, Integer> today = new HashMap<>();
    for (Ladder.Step step : ladder.steps()) {
      int count = state.today(step.rung(), ran);
      if (count > 0) {
        today.put(step.rung().word(), count);
      }
    }
    boolean isLocked = state.lockedUntilMs() > ran;
    view = new View(words(verdict, ran), silentMs, last, lastMs, lastOutcome, today, isLocked);
  }

  private String words(Verdict verdict, long ranMs) {
    return switch (verdict) {
      case WELL, RECOVERED -> "nothing to do";
      case REACHED -> "a server answers, so the modem is left alone";
      case LOCKED, LOCK_OUT ->
          "locked out: every step was in vain, begins anew in "
              + (state.lockedUntilMs() - ranMs + 59_999) / 60_000
              + " min";
      case WAIT, STEP -> state.next() == 0 ? "waiting for an ack" : "waiting for the link";
    };
  }

  @Override
  public void close() {
    memory.keep(state.numbers(ranMs(ticker.millis())));
  }
}
