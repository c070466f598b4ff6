package io.verge.autonomy;

import io.verge.model.Stamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a rest in a meter's total in the quiet hours of each night. A total that has not
 * changed between two samples was at rest between them, however far apart they are; one that has
 * changed says nothing about what was between. A night is judged at its end, if enough of it was
 * seen.
 */
final class LeakProbe implements Probe {
  /** Of the quiet hours, between samples no farther apart than half the rest looked for. */
  private static final double SEEN_LEAST = 0.8;

  private final Diagnosis.Leak rule;
  private final Place place;
  private @Nullable LocalDate night;
  private double total = Double.NaN;
  private long lastMs;
  private long restMs;
  private long longestMs;
  private long seenMs;

  LeakProbe(Diagnosis.Leak rule, Place place) {
    this.rule = rule;
    this.place = place;
  }

  @Override
  public Verdict look(Readings readings) {
    Stamp stamp = readings.sample().stamp();
    OptionalDouble value = readings.value(rule.point());
    if (!stamp.hasUtc() || value.isEmpty()) {
      return Verdict.UNKNOWN;
    }
    ZonedDateTime local = Instant.ofEpochMilli(stamp.utcMs()).atZone(place.zone());
    boolean isQuietHour = local.getHour() >= rule.from() && local.getHour() < rule.until();
    boolean isSameNight = local.toLocalDate().equals(night);
    if (isQuietHour && isSameNight) {
      add(readings.monoMs(), value.getAsDouble());
      return Verdict.UNKNOWN;
    }
    Verdict verdict = night == null ? Verdict.UNKNOWN : judge();
    night = isQuietHour ? local.toLocalDate() : null;
    total = value.getAsDouble();
    lastMs = readings.monoMs();
    restMs = 0;
    longestMs = 0;
    seenMs = 0;
    return verdict;
  }

  private void add(long monoMs, double value) {
    long apart = monoMs - lastMs;
    lastMs = monoMs;
    if (value == total) {
      restMs += apart;
      longestMs = Math.max(longestMs, restMs);
      seenMs += apart;
    } else {
      restMs = 0;
      seenMs += apart <= rule.quietMs() / 2 ? apart : 0;
    }
    total = value;
  }

  private Verdict judge() {
    if (longestMs >= rule.quietMs()) {
      return Verdict.NO;
    }
    double hours = rule.until() - rule.from();
    return seenMs >= SEEN_LEAST * hours * 3_600_000 ? Verdict.YES : Verdict.UNKNOWN;
  }
}
