package io.verge.autonomy;

import io.verge.autonomy.Probe.Verdict;
import io.verge.model.Quality;
import java.util.Arrays;
import java.util.OptionalDouble;

/** The probes that need little memory. */
final class Probes {
  private static final int EMPTIED_READINGS = 5;

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

  /**
   * Two readings before and two after must agree: one echo from a bottle under the sensor is no
   * emptying, neither when it comes nor when it goes. The reading between may be of both.
   */
  static Probe emptied(Diagnosis.Emptied rule) {
    double[] last = new double[EMPTIED_READINGS];
    Arrays.fill(last, Double.NaN);
    return readings -> {
      OptionalDouble fill = readings.value("fill");
      if (fill.isEmpty()) {
        return Verdict.UNKNOWN;
      }
      System.arraycopy(last, 1, last, 0, last.length - 1);
      last[4] = fill.getAsDouble();
      double after = Math.max(last[3], last[4]);
      double before = Math.min(last[1], last[2]);
      double earlier = Math.min(last[0], last[1]);
      if (!(before - after >= rule.drop() || earlier - after >= rule.drop())) {
        return Verdict.UNKNOWN;
      }
      Arrays.fill(last, 0, 3, Double.NaN);
      return Verdict.NOW;
    };
  }
}
