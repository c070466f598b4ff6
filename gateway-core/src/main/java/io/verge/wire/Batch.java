package io.verge.wire;

import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Sample;
import java.util.List;

/**
 * A batch as a value. Samples of one type are together, device by device in catalog order, oldest
 * first; {@link BatchCodec#encode} sorts them so.
 *
 * @param tickMs milliseconds a time counts in: sample times are rounded down to it.
 */
public record Batch(
    long epoch,
    Lane lane,
    long bseq,
    long rseqFirst,
    long catalogRev,
    Clk clk,
    int tickMs,
    List<Sample> samples,
    List<Event> events,
    List<Gap> gaps) {
  /**
   * Identity and range of a batch, readable without its catalog.
   *
   * @param hasUtc whether its times are UTC; else its gateway did not know the time.
   */
  public record Head(
      long epoch, Lane lane, long bseq, long rseqFirst, long catalogRev, boolean hasUtc) {}

  public Batch {
    samples = List.copyOf(samples);
    events = List.copyOf(events);
    gaps = List.copyOf(gaps);
  }

  /** How many numbers the batch uses from {@code rseqFirst} on: samples, then events. */
  public int count() {
    return samples.size() + events.size();
  }
}
