package io.verge.simulator.trial;

import io.verge.simulator.street.Recording;
import io.verge.simulator.street.Recordings;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** All diagnoses that recordings can judge. */
public final class DiagnosisTrial {
  private static final int[] DROPS = {40, 30, 20};

  private DiagnosisTrial() {}

  public static List<Judged> all(Recordings recordings) {
    List<Judged> judged = new ArrayList<>();
    int number = 1;
    for (Recording container : recordings.containers()) {
      for (int drop : DROPS) {
        judged.add(
            EmptiedTrial.judge(container, "glass container " + number + ", drop = " + drop, drop));
      }
      number++;
    }
    Recording water = recordings.water();
    if (water != null) {
      judged.addAll(WaterTrial.pulses(water, "house meter", ZoneOffset.UTC));
    }
    Recording tap = recordings.tap();
    if (tap != null) {
      judged.addAll(WaterTrial.flow(tap, "kitchen tap", ZoneId.of("Europe/Rome")));
    }
    return judged;
  }
}
