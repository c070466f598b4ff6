package io.verge.poll;

import io.verge.driver.Readout;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.Arrays;

/** From what a driver found to what is stored. */
final class Readouts {
  /** Receivers can't count on more: a JSON or CBOR number as a double is exact up to here. */
  private static final long VALUE_MAX = 1L << 53;

  private Readouts() {}

  /** A readout with more or fewer values than the device has points would break a batch. */
  static Readout whole(Readout readout, int points) {
    byte[] perPoint = readout.pointQuality();
    if (readout.values().length != points || perPoint != null && perPoint.length != points) {
      throw new IllegalStateException(
          readout.values().length + " values for " + points + " points");
    }
    return readout;
  }

  /** Values no receiver could hold exactly become "no value, suspect". */
  static Sample sample(int device, Stamp stamp, Readout readout) {
    long[] values = readout.values();
    byte[] perPoint = readout.pointQuality();
    for (int p = 0; p < values.length; p++) {
      long value = values[p];
      if (value != Sample.NONE && (value > VALUE_MAX || value < -VALUE_MAX)) {
        if (perPoint == null) {
          perPoint = new byte[values.length];
          Arrays.fill(perPoint, (byte) readout.quality().code());
        }
        values[p] = Sample.NONE;
        perPoint[p] = (byte) Quality.SUSPECT.code();
      }
    }
    return new Sample(device, stamp, readout.quality(), values, perPoint);
  }
}
