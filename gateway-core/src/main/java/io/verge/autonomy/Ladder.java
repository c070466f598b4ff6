package io.verge.autonomy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a modem behind which nothing is acked: one step after the other, each stronger
 * than the one before, with a pause for the link to come back, so often a day, and a lock-out after
 * the last. A step is a judgement on the modem, so none is taken while some server answers. Pure;
 * times count the gateway's own running, all runs together, since a reboot has no clock.
 *
 * @param afterMs without an ack until the first step.
 * @param pauseMs from one step to the next.
 * @param lockOutMs without any step, after all were in vain.
 * @param steps in their order.
 */
public record Ladder(long afterMs, long pauseMs, long lockOutMs, List<Step> steps) {
  /** What can be done, weakest first. */
  public enum Rung {
    REREGISTER,
    RADIO,
    RESET,
    POWER,
    REBOOT;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** In a sentence. */
    public String words() {
      return switch (this) {
        case REREGISTER -> "registered anew";
        case RADIO -> "radio off and on";
        case RESET -> "modem reset";
        case POWER -> "power off and on";
        case REBOOT -> "computer rebooted";
      };
    }
  }

  /**
   * @param aDay most of them in 24 hours.
   */
  public record Step(Rung rung, int aDay) {}

  /**
   * What is seen.
   *
   * @param nowMs of running.
   * @param silentMs since the last ack of any back end, or since all was well; 0: it is.
   * @param reached whether some server has answered lately.
   */
  public record Seen(long nowMs, long silentMs, boolean reached) {}

  /** What follows from it. */
  public enum Verdict {
    WELL,
    WAIT,
    /** Nothing is acked, but a server answers: it is not the modem's fault. */
    REACHED,
    LOCKED,
    STEP,
    LOCK_OUT,
    RECOVERED
  }

  /**
   * @param rung with {@link Verdict#STEP}.
   */
  public record Decision(Verdict verdict, @Nullable Rung rung, State state) {}

  private static final long DAY_MS = 86_400_000;

  /** After a step that could not be taken. */
  private static final long FAILED_PAUSE_MS = 60_000;

  public Ladder {
    steps = List.copyOf(steps);
  }

  /**
   * Where it stands.
   *
   * @param next position of the next step.
   * @param steppedMs when the last one was taken.
   * @param lockedUntilMs 0: not locked out.
   * @param taken when each was taken in the last day.
   */
  public record State(int next, long steppedMs, long lockedUntilMs, Map<Rung, List<Long>> taken) {
    public static final State START = new State(0, 0, 0, Map.of());

    public State {
      Map<Rung, List<Long>> copy = new EnumMap<>(Rung.class);
      taken.forEach((rung, times) -> copy.put(rung, List.copyOf(times)));
      taken = Map.copyOf(copy);
    }

    public int today(Rung rung, long nowMs) {
      return (int)
          taken.getOrDefault(rung, List.of()).stream().filter(at -> nowMs - at < DAY_MS).count();
    }

    /** The last step could not be taken: the next one need not wait for the link. */
    State failed(long nowMs, long pauseMs) {
      return new State(
          next, Math.min(steppedMs, nowMs - pauseMs + FAILED_PAUSE_MS), lockedUntilMs, taken);
    }

    private State step(int position, Rung rung, long nowMs) {
      Map<Rung, List<Long>> more = new EnumMap<>(Rung.class);
      taken.forEach(
          (each, times) ->
              more.put(each, times.stream().filter(at -> nowMs - at < DAY_MS).toList()));
      List<Long> times = new ArrayList<>(more.getOrDefault(rung, List.of()));
      times.add(nowMs);
      more.put(rung, times);
      return new State(position + 1, nowMs, 0, more);
    }

    /** As the store keeps it: times of running, and the running until now. */
    long[] numbers(long ranMs) {
      List<Long> numbers = new ArrayList<>(List.of(ranMs, (long) next, steppedMs, lockedUntilMs));
      taken.forEach(
          (rung, times) ->
              times.forEach(
                  at -> {
                    numbers.add((long) rung.ordinal());
                    numbers.add(at);
                  }));
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** What {@link #numbers} gave; a start, if it is nothing of the kind. */
    static State of(long[] kept) {
      if (kept.length < 4 || kept.length % 2 != 0) {
        return START;
      }
      Map<Rung, List<Long>> taken = new EnumMap<>(Rung.class);
      for (int i = 4; i < kept.length; i += 2) {
        if (kept[i] < 0 || kept[i] >= Rung.values().length) {
          return START;
        }
        taken
            .computeIfAbsent(Rung.values()[(int) kept[i]], unused -> new ArrayList<>())
            .add(kept[i + 1]);
      }
      int next = (int) Math.max(0, Math.min(Rung.values().length, kept[1]));
      return new State(next, kept[2], kept[3], taken);
    }
  }

  public Decision decide(State state, Seen seen) {
    long now = seen.nowMs();
    if (seen.silentMs() == 0) {
      boolean wasWrong = state.next() > 0 || state.lockedUntilMs() > 0;
      return new Decision(
          wasWrong ? Verdict.RECOVERED : Verdict.WELL,
          null,
          new State(0, state.steppedMs(), 0, state.taken()));
    }
    if (seen.silentMs() < afterMs) {
      return new Decision(Verdict.WAIT, null, state);
    }
    if (seen.reached()) {
      return new Decision(Verdict.REACHED, null, state);
    }
    if (now < state.lockedUntilMs()) {
      return new Decision(Verdict.LOCKED, null, state);
    }
    if (state.next() > 0 && now - state.steppedMs() < pauseMs) {
      return new Decision(Verdict.WAIT, null, state);
    }
    for (int i = state.next(); i < steps.size(); i++) {
      Step step = steps.get(i);
      if (state.today(step.rung(), now) < step.aDay()) {
        return new Decision(Verdict.STEP, step.rung(), state.step(i, step.rung(), now));
      }
    }
    return new Decision(
        Verdict.LOCK_OUT, null, new State(0, state.steppedMs(), now + lockOutMs, state.taken()));
  }
}
