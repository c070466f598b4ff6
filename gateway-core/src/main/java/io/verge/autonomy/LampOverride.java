package io.verge.autonomy;

import io.verge.model.Stamp;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A level somebody has commanded, for a time. Within the boot it was given in, monotonic time ends
 * it; after a restart UTC does; where that is not known, it lasts no longer than its whole time
 * again.
 *
 * @param level per cent.
 * @param given when.
 * @param forMs how long it holds.
 */
public record LampOverride(int level, Stamp given, long forMs) {
  private static final String LEVEL = "override_level";
  private static final String BOOT = "override_boot";
  private static final String MONO = "override_mono_ms";
  private static final String UTC = "override_utc_ms";
  private static final String FOR = "override_for_ms";

  public boolean isOver(Stamp now) {
    return leftMs(now) <= 0;
  }

  /** Milliseconds it still holds; 0 or less: it is over. */
  public long leftMs(Stamp now) {
    if (now.boot() == given.boot()) {
      return given.monoMs() + forMs - now.monoMs();
    }
    if (now.hasUtc() && given.hasUtc()) {
      return given.utcMs() + forMs - now.utcMs();
    }
    return forMs - now.monoMs();
  }

  /** As details of an outcome, which the store remembers with the command. */
  public Map<String, Object> details() {
    Map<String, Object> details = new HashMap<>();
    details.put(LEVEL, (long) level);
    details.put(BOOT, given.boot());
    details.put(MONO, given.monoMs());
    details.put(FOR, forMs);
    if (given.hasUtc()) {
      details.put(UTC, given.utcMs());
    }
    return details;
  }

  /** What {@link #details} made, or null where there is no override in them. */
  public static @Nullable LampOverride of(Map<String, Object> details) {
    if (details.get(LEVEL) instanceof Long level
        && details.get(BOOT) instanceof Long boot
        && details.get(MONO) instanceof Long mono
        && details.get(FOR) instanceof Long forMs
        && level >= 0
        && level <= 100) {
      long utc = details.get(UTC) instanceof Long given ? given : Stamp.NO_UTC;
      return new LampOverride(level.intValue(), new Stamp(boot, mono, utc, 0), forMs);
    }
    return null;
  }
}
