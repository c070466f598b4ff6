package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import io.verge.store.Pace;

/**
 * What an uplink gives up so that the month's bytes last: first how soon data comes, then
 * telemetry, then meters; events always go. What is held stays in the store and goes in the next
 * month. Pure.
 */
public enum Thrift {
  NONE(1, 1, "as configured"),
  STRETCHED(2, 1, "telemetry half as often"),
  RARE(6, 2, "telemetry a sixth, meters half as often"),
  SPARSE(12, 4, "telemetry a twelfth, meters a quarter as often"),
  NO_TELEMETRY(48, 4, "telemetry waits for the next month"),
  EVENTS_ONLY(48, 48, "only events, the rest waits for the next month");

  /** This part of the budget is for meters and events, if it will not do for all. */
  private static final long RESERVE_PART = 20;

  /** Pressure from which each of the stages up to {@link #SPARSE} begins. */
  private static final double[] FROM = {0, 1.05, 2, 4};

  /** Below this a stage is eased, at most one a day: what is saved makes the pressure fall. */
  private static final double EASE = 0.7;

  private static final long DAY_MS = 86_400_000;

  private final int telemetry;
  private final int meter;
  private final String words;

  Thrift(int telemetry, int meter, String words) {
    this.telemetry = telemetry;
    this.meter = meter;
    this.words = words;
  }

  /**
   * A stage and when it began.
   *
   * @param sinceMs UTC.
   */
  public record State(Thrift stage, long sinceMs) {
    public static final State START = new State(NONE, 0);
  }

  /** For people. */
  public String words() {
    return words;
  }

  Pace pace(long leastMs) {
    return new Pace(telemetry, meter, leastMs);
  }

  boolean holds(Lane lane) {
    return switch (lane) {
      case EVENT -> false;
      case METER -> this == EVENTS_ONLY;
      case TELEMETRY -> this == EVENTS_ONLY || this == NO_TELEMETRY;
    };
  }

  /**
   * How much faster bytes go than they may from now on: 1 is just right.
   *
   * @param budget bytes a month, more than 0.
   */
  static double pressure(Usage usage, long budget, long utcMs) {
    BillingMonth month = BillingMonth.starting(usage.firstDay());
    double left = month.days() - month.elapsed(utcMs);
    return usage.rate(utcMs) * left / Math.max(1, budget - usage.total());
  }

  /**
   * The stage from now on. Tightens at once, eases a stage a day, and starts anew with a month.
   *
   * @param budget bytes a month; 0: no limit.
   * @param utcMs {@link Stamp#NO_UTC} while the clock is not trusted: then only what is spent
   *     counts.
   */
  static State next(State before, Usage usage, long budget, long utcMs) {
    if (budget <= 0) {
      return State.START;
    }
    if (usage.total() >= budget) {
      return at(EVENTS_ONLY, before, utcMs);
    }
    if (utcMs == Stamp.NO_UTC || usage.firstDay() == 0) {
      return before.stage().ordinal() > SPARSE.ordinal() ? at(SPARSE, before, utcMs) : before;
    }
    double pressure = pressure(usage, budget, utcMs);
    Thrift wanted = NONE;
    for (int stage = 0; stage < FROM.length; stage++) {
      wanted = pressure >= FROM[stage] ? values()[stage] : wanted;
    }
    if (wanted != NONE && budget - usage.total() <= budget / RESERVE_PART) {
      wanted = NO_TELEMETRY;
    }
    Thrift now = before.stage();
    if (before.sinceMs() < BillingMonth.starting(usage.firstDay()).startMs()) {
      return at(wanted, before, utcMs);
    }
    if (wanted.ordinal() >= now.ordinal()) {
      return at(wanted, before, utcMs);
    }
    boolean mayEase = pressure < EASE && utcMs - before.sinceMs() >= DAY_MS;
    return mayEase ? at(values()[now.ordinal() - 1], before, utcMs) : before;
  }

  private static State at(Thrift stage, State before, long utcMs) {
    return stage == before.stage()
        ? before
        : new State(stage, utcMs == Stamp.NO_UTC ? before.sinceMs() : utcMs);
  }
}
