package io.verge.model;

import java.util.Map;

/**
 * Something that happened, delivered with the guarantee of a reading.
 *
 * @param kind dotted lower-case words, for example {@code command.done}, {@code store.started}.
 * @param device index in the catalog, or {@link #NO_DEVICE}.
 * @param details values are String, Long, Boolean, or nested Map and List of these.
 */
public record Event(
    Stamp stamp, String kind, Severity severity, int device, Map<String, Object> details) {
  public static final int NO_DEVICE = -1;

  public Event {
    details = Map.copyOf(details);
  }

  /**
   * Whether it goes to flash and to the back end at once. What only informs waits for the next
   * commit and the next flush of telemetry: it costs no write and no packet of its own.
   */
  public boolean isUrgent() {
    return severity != Severity.INFO;
  }
}
