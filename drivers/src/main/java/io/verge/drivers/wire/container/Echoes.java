package io.verge.drivers.wire.container;

import io.verge.drivers.wire.listen.Hearing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The echoes of one look into a container.
 *
 * @param good how many are within the sensor's range.
 * @param median of those, in mm; 0 if there are none.
 * @param spread between the nearest and the farthest of those, in mm.
 * @param doubt why they are no measurement, or empty.
 */
record Echoes(int good, int median, int spread, String doubt) {
  /** Echoes farther apart than this in one poll are not one surface. */
  private static final int SPREAD_SUSPECT_MM = 200;

  static Echoes of(Hearing hearing, ToIntFunction<byte[]> distance, Mounting mounting) {
    List<Integer> within = new ArrayList<>();
    for (byte[] frame : hearing.frames()) {
      int found = distance.applyAsInt(frame);
      if (mounting.isWithin(found)) {
        within.add(mounting.corrected(found));
      }
    }
    int[] good = within.stream().mapToInt(Integer::intValue).sorted().toArray();
    int outside = hearing.frames().size() - good.length;
    if (good.length == 0) {
      String doubt =
          outside + " echoes, none within " + mounting.leastMm() + ".." + mounting.mostMm() + " mm";
      return new Echoes(0, 0, 0, doubt);
    }
    int spread = good[good.length - 1] - good[0];
    // Noise passes an eight-bit sum now and then, but not most of the time and with one distance.
    boolean isDoubtful =
        spread > SPREAD_SUSPECT_MM || 2 * good.length <= Math.max(mounting.echoes(), outside);
    String doubt =
        good.length
            + " of "
            + Math.max(mounting.echoes(), good.length + outside)
            + " echoes usable, "
            + spread
            + " mm apart";
    return new Echoes(good.length, Hearing.median(good), spread, isDoubtful ? doubt : "");
  }
}
