package io.verge.drivers.wire.container;

import io.verge.driver.Readout;

/**
 * What one good poll of a container measured.
 *
 * @param median of the echoes, in mm.
 * @param spread between the nearest and the farthest, in mm.
 * @param count how many.
 */
record Echoes(long median, long spread, long count) {
  /**
   * @param readout good, of {@link Fill#POINTS}.
   */
  static Echoes of(Readout readout) {
    long[] values = readout.values();
    return new Echoes(values[1], values[2], values[3]);
  }
}
