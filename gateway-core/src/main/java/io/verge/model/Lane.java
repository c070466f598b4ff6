package io.verge.model;

/** A class of data with its own numbering and its own share of the disk, in order of priority. */
public enum Lane {
  EVENT,
  METER,
  TELEMETRY;

  /** The lane's number on the wire and on disk: 0 event, 1 meter, 2 telemetry. */
  public int number() {
    return ordinal();
  }

  /** {@code event}, {@code meter} or {@code telemetry}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if {@code number} is not 0..2.
   */
  public static Lane of(int number) {
    return switch (number) {
      case 0 -> EVENT;
      case 1 -> METER;
      case 2 -> TELEMETRY;
      default -> throw new IllegalArgumentException("lane " + number + ", expected 0..2");
    };
  }
}
