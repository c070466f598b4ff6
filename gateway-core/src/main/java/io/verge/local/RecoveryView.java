package io.verge.local;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is done about a modem behind which nothing is acked.
 *
 * @param state of it, as a sentence.
 * @param silentMs milliseconds since some back end had acked all; 0: one has.
 * @param last the last step since the start: {@code reregister}, {@code radio}, {@code reset},
 *     {@code power} or {@code reboot}; empty: none.
 * @param lastMs milliseconds since then; null: none.
 * @param lastOutcome {@code done}, {@code under way}, or why not; empty: none.
 * @param today how often each step was taken in the last 24 hours of running.
 * @param locked whether every step was in vain, and none is taken for a while.
 */
public record RecoveryView(
    String state,
    long silentMs,
    String last,
    @Nullable Long lastMs,
    String lastOutcome,
    Map<String, Integer> today,
    boolean locked) {
  public RecoveryView {
    today = Map.copyOf(today);
  }
}
