package io.verge.model;

/** How a point's values behave in time. */
public enum PointKind {
  /** Goes up and down: power, level, distance. */
  GAUGE,
  /** Only grows, except when its device is replaced: energy, volume. */
  COUNTER,
  /** One of a few numbers with a meaning each: flags, modes. */
  STATE;

  /** The word on the wire: {@code gauge}, {@code counter}, {@code state}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Unknown words read as {@link #GAUGE}. */
  public static PointKind of(String word) {
    for (PointKind kind : values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    return GAUGE;
  }
}
