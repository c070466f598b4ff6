package io.verge.store;

import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Samples and events that wait for the next commit; bounded. Any thread. */
final class Inbox {
  /** Five minutes of the standard street, should the disk stall so long. */
  static final int SAMPLES_MAX = 4_096;

  static final int EVENTS_MAX = 1_024;

  /** What one commit takes. */
  record Taken(Map<Lane, JournalRow> rows, Map<String, long[]> keep, int count) {}

  /** Samples and events that found no room. */
  record Refused(long samples, long readings, long events) {}

  private final Map<Lane, List<Sample>> samples = new EnumMap<>(Lane.class);
  private final List<Event> events = new ArrayList<>();
  private final Map<String, long[]> keep = new HashMap<>();
  private int sampleCount;
  private Refused refused = new Refused(0, 0, 0);

  /**
   * @return how many samples wait now, this one included; 0: it found no room.
   */
  synchronized int offer(Lane lane, Sample sample, @Nullable String asset, long @Nullable [] kept) {
    if (sampleCount >= SAMPLES_MAX) {
      refused =
          new Refused(
              refused.samples() + 1, refused.readings() + sample.readings(), refused.events());
      return 0;
    }
    samples.computeIfAbsent(lane, unused -> new ArrayList<>()).add(sample);
    sampleCount++;
    if (asset != null && kept != null) {
      keep.put(asset, kept);
    }
    return sampleCount;
  }

  synchronized boolean offer(Event event) {
    if (events.size() >= EVENTS_MAX) {
      refused = new Refused(refused.samples(), refused.readings(), refused.events() + 1);
      return false;
    }
    return events.add(event);
  }

  /** What found no room since this was last asked. */
  synchronized Refused takeRefused() {
    Refused now = refused;
    refused = new Refused(0, 0, 0);
    return now;
  }

  synchronized boolean hasEvents() {
    return !events.isEmpty();
  }

  synchronized int size() {
    return sampleCount + events.size();
  }

  synchronized Taken take() {
    Map<Lane, JournalRow> rows = new EnumMap<>(Lane.class);
    samples.forEach((lane, waiting) -> rows.put(lane, new JournalRow(waiting, List.of())));
    if (!events.isEmpty()) {
      rows.put(Lane.EVENT, new JournalRow(List.of(), events));
    }
    Taken taken = new Taken(rows, Map.copyOf(keep), sampleCount + events.size());
    samples.clear();
    events.clear();
    keep.clear();
    sampleCount = 0;
    return taken;
  }
}
