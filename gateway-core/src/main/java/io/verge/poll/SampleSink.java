package io.verge.poll;

import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import org.jspecify.annotations.Nullable;

/** Where polled samples go. Implemented by the store's worker, wired by {@code runtime}. */
public interface SampleSink {
  /**
   * Never blocks.
   *
   * @param keep what the driver wants kept with this sample, or null.
   * @return false if there was no room: the sample is lost, and the sink has counted it.
   */
  boolean offer(Lane lane, Sample sample, long @Nullable [] keep);

  /** Never blocks; events have a reserved share of the room. */
  boolean offer(Event event);

  /**
   * The same for an event that a device is told by once: what shows that it was is kept in the
   * commit that holds the event.
   *
   * @param owner whose numbers {@code keep} are, {@link Polled#identityOwner}.
   */
  boolean offer(Event event, String owner, long[] keep);
}
