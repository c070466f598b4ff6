package io.verge.store;

import io.verge.model.Event;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Clk;
import java.util.ArrayList;
import java.util.List;

/** Which journal rows make one batch, and how its times are made. Pure. */
public final class Sealing {
  /**
   * What is known of UTC now.
   *
   * @param boot this boot.
   * @param offsetMs UTC less monotonic milliseconds; {@link Stamp#NO_UTC} while not trusted.
   */
  public record Clock(long boot, long offsetMs, int uncMs) {}

  private Sealing() {}

  /** The row with UTC added to stamps of this boot, where it is known by now. */
  static JournalRow resolved(JournalRow row, Clock clock) {
    if (clock.offsetMs() == Stamp.NO_UTC || hasUtc(row)) {
      return row;
    }
    List<Sample> samples = new ArrayList<>(row.samples().size());
    for (Sample sample : row.samples()) {
      samples.add(
          new Sample(
              sample.device(),
              resolved(sample.stamp(), clock),
              sample.quality(),
              sample.values(),
              sample.pointQuality()));
    }
    List<Event> events = new ArrayList<>(row.events().size());
    for (Event event : row.events()) {
      events.add(
          new Event(
              resolved(event.stamp(), clock),
              event.kind(),
              event.severity(),
              event.device(),
              event.details()));
    }
    return new JournalRow(samples, events);
  }

  private static Stamp resolved(Stamp stamp, Clock clock) {
    return stamp.hasUtc() || stamp.boot() != clock.boot()
        ? stamp
        : new Stamp(stamp.boot(), stamp.monoMs(), stamp.monoMs() + clock.offsetMs(), clock.uncMs());
  }

  static boolean hasUtc(JournalRow row) {
    return row.samples().stream().allMatch(sample -> sample.stamp().hasUtc())
        && row.events().stream().allMatch(event -> event.stamp().hasUtc());
  }

  static long boot(JournalRow row) {
    return row.samples().isEmpty()
        ? row.events().get(0).stamp().boot()
        : row.samples().get(0).stamp().boot();
  }

  /** How many rows from the first on share one way of telling time. */
  static int run(List<JournalRow> rows) {
    boolean utc = hasUtc(rows.get(0));
    int count = 1;
    while (count < rows.size()
        && hasUtc(rows.get(count)) == utc
        && (utc || boot(rows.get(count)) == boot(rows.get(0)))) {
      count++;
    }
    return count;
  }

  static Clk clk(List<JournalRow> run) {
    if (!hasUtc(run.get(0))) {
      return new Clk(true, 0, boot(run.get(0)));
    }
    int unc = 0;
    for (JournalRow row : run) {
      for (Sample sample : row.samples()) {
        unc = Math.max(unc, sample.stamp().uncMs());
      }
      for (Event event : row.events()) {
        unc = Math.max(unc, event.stamp().uncMs());
      }
    }
    return new Clk(false, unc, boot(run.get(run.size() - 1)));
  }

  /** First and last moment of a batch: UTC, or since boot where its clock tells that. */
  static long[] span(List<JournalRow> rows) {
    return rows.isEmpty()
        ? new long[] {0, 0}
        : span(
            rows.stream().flatMap(row -> row.samples().stream()).toList(),
            rows.stream().flatMap(row -> row.events().stream()).toList());
  }

  static long[] span(List<Sample> samples, List<Event> events) {
    long[] span = {Long.MAX_VALUE, Long.MIN_VALUE};
    samples.forEach(sample -> widen(span, sample.stamp()));
    events.forEach(event -> widen(span, event.stamp()));
    return span[0] > span[1] ? new long[] {0, 0} : span;
  }

  private static void widen(long[] span, Stamp stamp) {
    long at = stamp.hasUtc() ? stamp.utcMs() : stamp.monoMs();
    span[0] = Math.min(span[0], at);
    span[1] = Math.max(span[1], at);
  }
}
