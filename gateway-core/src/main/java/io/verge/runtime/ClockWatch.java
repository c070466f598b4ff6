package io.verge.runtime;

import io.verge.model.Event;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.ClockSteps;
import io.verge.time.Stamper;
import io.verge.time.Worker;
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
              change.kind().equals("clock.trusted") ? Severity.INFO : Severity.WARNING,
              Event.NO_DEVICE,
              change.stepMs() == 0 ? Map.of() : Map.of("step_ms", change.stepMs())));
    }
    return nowNanos + LOOK_NANOS;
  }

  @Override
  public void close() {}
}
