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
  record Taken(Map<Lane, JournalRow> rows, Map<String, long[]> keep, int count, boolean isUrgent) {}

  /** Samples and events that found no room. */
  record Refused(long samples, long readings, long events) {}

  private final Map<Lane, List<Sample>> samples = new EnumMap<>(Lane.class);
  private final List<Event> events = new ArrayList<>();
  private final Map<String, long[]> keep = new HashMap<>();
  private int sampleCount;
  private boolean isUrgent;
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
    isUrgent |= event.isUrgent();
    return events.add(event);
  }

  /** The same, with what is kept in the commit that holds the event. */
  synchronized boolean offer(Event event, String owner, long[] kept) {
    boolean taken = offer(event);
    if (taken) {
      keep.put(owner, kept);
    }
    return taken;
  }

  /** What found no room since this was last asked. */
  synchronized Refused takeRefused() {
    Refused now = refused;
    refused = new Refused(0, 0, 0);
    return now;
  }

  /** Whether an event waits that is not to wait. */
  synchronized boolean isUrgent() {
    return isUrgent;
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
    Taken taken = new Taken(rows, Map.copyOf(keep), sampleCount + events.size(), isUrgent);
    samples.clear();
    events.clear();
    keep.clear();
    sampleCount = 0;
    isUrgent = false;
    return taken;
  }
}
