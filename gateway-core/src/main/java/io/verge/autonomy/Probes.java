package io.verge.autonomy;

import io.verge.autonomy.Probe.Verdict;
import io.verge.model.Quality;
import java.util.OptionalDouble;

/** The probes that need little memory. */
final class Probes {
  private Probes() {}

  static Probe threshold(Diagnosis.Threshold rule) {
    return readings -> {
      OptionalDouble found = readings.value(rule.point());
      if (found.isEmpty()) {
        return Verdict.UNKNOWN;
      }
      double value = found.getAsDouble();
      if (rule.isAbove() ? value > rule.raise() : value < rule.raise()) {
        return Verdict.YES;
      }
      return (rule.isAbove() ? value <= rule.clear() : value >= rule.clear())
          ? Verdict.NO
          : Verdict.UNKNOWN;
    };
  }

  /** A lamp that is off says nothing about whether it can burn. */
  static Probe lampFailed(Diagnosis.LampFailed rule) {
    return readings -> {
      OptionalDouble level = readings.value("level");
      OptionalDouble power = readings.value("power");
      if (level.isEmpty() || power.isEmpty() || level.getAsDouble() <= 0) {
        return Verdict.UNKNOWN;
      }
      return power.getAsDouble() < rule.watts() ? Verdict.YES : Verdict.NO;
    };
  }

  /** By night, and without a clock, a burning lamp says nothing. */
  static Probe dayBurner(Diagnosis.DayBurner rule, Place place) {
    return readings -> {
      OptionalDouble power = readings.value("power");
      if (power.isEmpty()) {
        return Verdict.UNKNOWN;
      }
      if (power.getAsDouble() < rule.watts()) {
        return Verdict.NO;
      }
      boolean isDay =
          readings.sample().stamp().hasUtc()
              && Sun.altitude(
                      readings.sample().stamp().utcMs(), place.latitude(), place.longitude())
                  >= rule.degrees();
      return isDay ? Verdict.YES : Verdict.UNKNOWN;
    };
  }

  static Probe stuck(Diagnosis.Stuck rule) {
    return new Probe() {
      private double before = Double.NaN;
      private long sinceMs;

      @Override
      public Verdict look(Readings readings) {
        OptionalDouble value = readings.value(rule.point());
        if (value.isEmpty()) {
          return Verdict.UNKNOWN;
        }
        if (value.getAsDouble() != before) {
          before = value.getAsDouble();
          sinceMs = readings.monoMs();
          return Verdict.NO;
        }
        return readings.monoMs() - sinceMs >= rule.afterMs() ? Verdict.YES : Verdict.UNKNOWN;
      }
    };
  }

  /** Time in which the bus is down does not count. */
  static Probe noData(Diagnosis.NoData rule) {
    return new Probe() {
      private long missingSinceMs = -1;

      @Override
      public Verdict look(Readings readings) {
        Quality quality = readings.sample().quality();
        if (quality == Quality.GOOD || quality == Quality.SUSPECT) {
          missingSinceMs = -1;
          return Verdict.NO;
        }
        if (quality == Quality.BUS_DOWN) {
          missingSinceMs = -1;
          return Verdict.UNKNOWN;
        }
        if (missingSinceMs < 0) {
          missingSinceMs = readings.monoMs();
        }
        return readings.monoMs() - missingSinceMs >= rule.afterMs() ? Verdict.YES : Verdict.UNKNOWN;
      }
    };
  }

  static Probe emptied(Diagnosis.Emptied rule) {
    return new Probe() {
      private double before = Double.NaN;

      @Override
      public Verdict look(Readings readings) {
        OptionalDouble fill = readings.value("fill");
        if (fill.isEmpty()) {
          return Verdict.UNKNOWN;
        }
        boolean dropped = before - fill.getAsDouble() >= rule.drop();
        before = fill.getAsDouble();
        return dropped ? Verdict.NOW : Verdict.UNKNOWN;
      }
    };
  }
}
