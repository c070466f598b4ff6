package io.verge.model;

/** How far a sample, or one reading in it, may be trusted. The code travels on the wire. */
public enum Quality {
  GOOD(0),
  /** A value was read, but it is outside its plausible range or its source is doubtful. */
  SUSPECT(1),
  /** The device did not answer in time. */
  TIMEOUT(2),
  /** Bytes came, but no valid frame. */
  GARBLED(3),
  /** The device answered with an error of its own. */
  REFUSED(4),
  /** The bus itself is gone: port absent, adapter unplugged, GPIO chip missing. */
  BUS_DOWN(5);

  private final int code;

  Quality(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** Codes this version does not know read as {@link #SUSPECT}: never better than they were. */
  public static Quality of(int code) {
    for (Quality quality : values()) {
      if (quality.code == code) {
        return quality;
      }
    }
    return SUSPECT;
  }

  /** Lower-case, with a hyphen: {@code good}, {@code bus-down}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
