package io.verge.poll;

import io.verge.driver.Readout;
import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Severity;
import io.verge.time.Stamper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a bus has to tell besides samples. Bus thread only. */
final class BusEvents {
  private static final Logger LOG = LoggerFactory.getLogger(BusEvents.class);

  private final String name;
  private final List<Polled> devices;
  private final SampleSink sink;
  private final Stamper stamper;
  private final Counters counters;
  private final Map<Integer, Long> identities = new HashMap<>();
  private boolean wasDown;

  BusEvents(
      String name, List<Polled> devices, SampleSink sink, Stamper stamper, Counters counters) {
    this.name = name;
    this.devices = devices;
    this.sink = sink;
    this.stamper = stamper;
    this.counters = counters;
    for (int position = 0; position < devices.size(); position++) {
      int at = position;
      devices.get(position).told().ifPresent(told -> identities.put(at, told));
    }
  }

  /** At a start it only informs; after a failure somebody waits for it. */
  void up() {
    event(
        "bus.up", wasDown ? Severity.NOTICE : Severity.INFO, Event.NO_DEVICE, Map.of("bus", name));
    wasDown = false;
  }

  void down(String why) {
    wasDown = true;
    event("bus.down", Severity.ERROR, Event.NO_DEVICE, Map.of("bus", name, "why", why));
  }

  void silent(int position, String why) {
    event("device.silent", Severity.WARNING, device(position), Map.of("bus", name, "why", why));
  }

  void answers(int position) {
    event("device.answers", Severity.NOTICE, device(position), Map.of("bus", name));
  }

  void bug(int position, RuntimeException bug) {
    LOG.error("bus {}: bug in the driver of {}", name, devices.get(position).asset(), bug);
    event(
        "driver.bug", Severity.ERROR, device(position), Map.of("bus", name, "why", bug.toString()));
  }

  /** Told once, runs after this one included, and at once when it is another than before. */
  void identity(int position, Readout readout) {
    if (readout.identity().isEmpty()) {
      return;
    }
    long found = Polled.fingerprint(readout.identity());
    Long told = identities.get(position);
    if (told != null && told == found) {
      return;
    }
    Event event =
        new Event(
            stamper.now(),
            "device.identity",
            told == null ? Severity.INFO : Severity.NOTICE,
            device(position),
            Map.copyOf(readout.identity()));
    String owner = Polled.identityOwner(devices.get(position).asset());
    if (sink.offer(event, owner, new long[] {found})) {
      identities.put(position, found);
    } else {
      counters.increment("events.no_room");
    }
  }

  private int device(int position) {
    return devices.get(position).device();
  }

  private void event(String kind, Severity severity, int device, Map<String, Object> details) {
    if (!sink.offer(new Event(stamper.now(), kind, severity, device, details))) {
      counters.increment("events.no_room");
    }
  }
}
