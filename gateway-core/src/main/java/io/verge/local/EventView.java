package io.verge.local;

import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Stamp;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param number rises from event to event within one run of the gateway.
 * @param severity {@code critical}, {@code error}, {@code warning}, {@code notice} or {@code info}.
 * @param asset null where it concerns the gateway.
 * @param details values as text.
 */
public record EventView(
    long number,
    @Nullable String at,
    @Nullable Long ageMs,
    String severity,
    String kind,
    @Nullable String asset,
    Map<String, String> details) {
  public EventView {
    details = java.util.Collections.unmodifiableMap(new TreeMap<>(details));
  }

  /**
   * @param now a stamp of this boot.
   */
  public static EventView of(long number, Event event, Catalog catalog, Stamp now) {
    Map<String, String> details = new TreeMap<>();
    event.details().forEach((key, value) -> details.put(key, String.valueOf(value)));
    return new EventView(
        number,
        SampleView.utc(event.stamp()),
        SampleView.ageMs(event.stamp(), now),
        event.severity().name().toLowerCase(Locale.ROOT),
        event.kind(),
        event.device() == Event.NO_DEVICE ? null : catalog.devices().get(event.device()).id(),
        details);
  }
}
