package io.verge.runtime;

import io.verge.model.Event;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.ClockSteps;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import java.util.HashMap;
import java.util.Map;

/** Makes events of what happens to the clock. */
final class ClockWatch implements Worker {
  private static final long LOOK_NANOS = 10_000_000_000L;

  private final Stamper stamper;
  private final SampleSink events;
  private final ClockSteps steps = new ClockSteps();
  private final Bell bell = new Bell();

  ClockWatch(Stamper stamper, SampleSink events) {
    this.stamper = stamper;
    this.events = events;
  }

  @Override
  public String name() {
    return "clock";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    Stamp now = stamper.now();
    ClockSteps.Change change = steps.look(now);
    if (change != null) {
      // What has no room is counted by the sink.
      events.offer(
          new Event(
              now,
              change.kind(),
              change.kind().equals("clock.trusted") ? Severity.NOTICE : Severity.WARNING,
              Event.NO_DEVICE,
              details(change, now)));
    }
    return nowNanos + LOOK_NANOS;
  }

  /** A clock record of the uplink protocol, where there is a time to tell. */
  private static Map<String, Object> details(ClockSteps.Change change, Stamp now) {
    Map<String, Object> details = new HashMap<>();
    if (change.stepMs() != 0) {
      details.put("step_ms", change.stepMs());
    }
    if (now.hasUtc()) {
      details.put("boot", now.boot());
      details.put("offset_ms", now.utcMs() - now.monoMs());
      details.put("unc_ms", (long) now.uncMs());
    }
    return details;
  }

  @Override
  public void close() {}
}
