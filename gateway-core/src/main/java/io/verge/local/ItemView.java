package io.verge.local;

import org.jspecify.annotations.Nullable;

/** What a watch tells: a sample or an event; the other one is null. */
public record ItemView(@Nullable SampleView sample, @Nullable EventView event) {
  public static ItemView of(SampleView sample) {
    return new ItemView(sample, null);
  }

  public static ItemView of(EventView event) {
    return new ItemView(null, event);
  }
}
