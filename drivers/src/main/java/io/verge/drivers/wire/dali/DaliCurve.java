package io.verge.drivers.wire.dali;

/**
 * Levels and light: logarithmic, {@code 10^((level - 1) / (253 / 3) - 1)} per cent, or linear,
 * {@code level / 254}. IEC 62386-102, 9.3, and -207; nine points of the Beckhoff table are tested.
 */
public enum DaliCurve {
  LOGARITHMIC,
  LINEAR;

  /** Thousandths of a per cent by level, logarithmic. */
  private static final int[] LIGHT = new int[Dali.LEVEL_MOST + 1];

  static {
    for (int level = 1; level <= Dali.LEVEL_MOST; level++) {
      LIGHT[level] = (int) Math.round(1000 * StrictMath.pow(10, (level - 1) / (253 / 3.0) - 1));
    }
  }

  /**
   * @param level 0..254.
   * @return thousandths of a per cent; 0 only where the lamp is off.
   */
  public int light(int level) {
    return this == LINEAR ? (level * 100_000 + 127) / 254 : LIGHT[level];
  }

  /** Whole per cent; a lamp that is on shows at least 1. */
  public int percent(int level) {
    return level == 0 ? 0 : Math.max(1, (light(level) + 500) / 1000);
  }

  /**
   * The level whose light is nearest on a logarithmic scale, as the eye sees it.
   *
   * @param percent 0..100.
   */
  public int level(int percent) {
    if (percent == 0) {
      return 0;
    }
    if (this == LINEAR) {
      return Math.max(1, (percent * 254 + 50) / 100);
    }
    return (int) Math.round(1 + 253 / 3.0 * (StrictMath.log10(percent) + 1));
  }
}
