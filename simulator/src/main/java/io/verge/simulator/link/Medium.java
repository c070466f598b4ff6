package io.verge.simulator.link;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** One direction of the air: everything that goes there shares its rate. One thread. */
final class Medium {
  /** The least time until TCP sends again (RFC 6298 says a second, Linux takes 200 ms). */
  private static final long RETRY_NANOS_MIN = 200_000_000L;

  private static final int RETRIES_MAX = 6;

  private final LinkSettings settings;
  private final Random random;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong packets = new AtomicLong();
  private long freeNanos;

  Medium(LinkSettings settings, long seed) {
    this.settings = settings;
    this.random = new Random(seed);
  }

  /** Everything sent, headers included. Any thread. */
  long bytes() {
    return bytes.get();
  }

  /** Packets sent. Any thread. */
  long packets() {
    return packets.get();
  }

  /** Whether a packet is lost. */
  boolean loses() {
    return settings.lossPerMille() > 0 && random.nextInt(1000) < settings.lossPerMille();
  }

  /**
   * Sends bytes as soon as those before them are sent.
   *
   * @return when they have left.
   */
  long sent(int count, long nowNanos) {
    bytes.addAndGet(count);
    packets.incrementAndGet();
    freeNanos = Math.max(freeNanos, nowNanos);
    if (settings.bytesPerSecond() > 0) {
      freeNanos += count * 1_000_000_000L / settings.bytesPerSecond();
    }
    return freeNanos;
  }

  /** From leaving to arriving. */
  long delayNanos() {
    long jitter = settings.jitterMs() == 0 ? 0 : random.nextInt(settings.jitterMs() + 1);
    return (settings.latencyMs() + jitter) * 1_000_000L;
  }

  /** What TCP's retransmissions add to a segment. */
  long retransmissionNanos() {
    long wait =
        Math.max(RETRY_NANOS_MIN, (2L * settings.latencyMs() + settings.jitterMs()) * 1_000_000L);
    long sum = 0;
    for (int i = 0; i < RETRIES_MAX && loses(); i++) {
      sum += wait;
      wait *= 2;
    }
    return sum;
  }
}
