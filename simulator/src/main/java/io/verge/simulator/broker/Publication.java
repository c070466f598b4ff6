package io.verge.simulator.broker;

/**
 * A message on its way.
 *
 * @param properties encoded properties that travel with it.
 * @param expiresNanos moment of the broker's ticker after which it is not delivered; {@link
 *     Long#MAX_VALUE}: never.
 */
record Publication(
    String topic, byte[] payload, int qos, boolean retain, byte[] properties, long expiresNanos) {
  /** Whole seconds left, or -1 for no limit. */
  long secondsLeft(long nowNanos) {
    return expiresNanos == Long.MAX_VALUE
        ? -1
        : Math.max(0, (expiresNanos - nowNanos) / 1_000_000_000L);
  }
}
