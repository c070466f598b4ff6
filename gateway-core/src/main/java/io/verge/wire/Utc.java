package io.verge.wire;

import io.verge.model.Sample;
import io.verge.model.Stamp;

/** When something happened, for back ends that know no other time than UTC. */
public final class Utc {
  /** An earlier boot measured it and never had a trusted clock: nobody can say any more. */
  public static final long NEVER = Long.MIN_VALUE;

  /** This boot measured it, and the clock is not trusted yet: ask again when it is. */
  public static final long LATER = Long.MIN_VALUE + 1;

  private Utc() {}

  /**
   * @param now by the gateway's clock.
   * @return milliseconds since 1970, {@link #NEVER} or {@link #LATER}.
   */
  public static long ms(Stamp stamp, Stamp now) {
    if (stamp.hasUtc()) {
      return stamp.utcMs();
    }
    if (stamp.boot() != now.boot()) {
      return NEVER;
    }
    return now.hasUtc() ? now.utcMs() - (now.monoMs() - stamp.monoMs()) : LATER;
  }

  public static boolean isKnown(long ms) {
    return ms > LATER;
  }

  /** Readings and events whose time nobody can say. */
  public static long untold(Batch batch, Stamp now) {
    return batch.samples().stream()
            .filter(sample -> ms(sample.stamp(), now) == NEVER)
            .mapToLong(Sample::readings)
            .sum()
        + batch.events().stream().filter(event -> ms(event.stamp(), now) == NEVER).count();
  }
}
