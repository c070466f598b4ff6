package io.verge.autonomy;

import io.verge.model.Outcome;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The lamps of the plan as its worker sees them. Implemented by {@code runtime}. */
public interface Lamps {
  /**
   * A level read back.
   *
   * @param level per cent.
   * @param monoMs when, since boot.
   */
  record Shown(int level, long monoMs) {}

  /** The last level read from the lamp, or null. */
  @Nullable Shown shown(String lamp);

  /**
   * Sets a level.
   *
   * @param done called once, from any thread.
   * @return false if too much is waiting: {@code done} is not called then.
   */
  boolean order(String lamp, int level, Consumer<Outcome> done);
}
