package io.verge.simulator.trial;

import io.verge.autonomy.Diagnosis;
import io.verge.autonomy.Place;
import io.verge.autonomy.Probe.Verdict;
import io.verge.model.PointType;
import io.verge.simulator.street.Recording;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The diagnosis {@code container-emptied} on recorded containers. The recordings do not say when
 * they were emptied; what is taken for it looks at both sides of a moment, as the gateway can't:
 * the median fill of the six samples before is so much above that of the six after.
 */
public final class EmptiedTrial {
  private static final PointType FILL = PointType.gauge("fill", "%", 0);
  private static final Place PLACE = new Place(0, 0, ZoneOffset.UTC);

  /** Distances of the recorded containers, in mm. */
  private static final double EMPTY_MM = 1400;

  private static final double FULL_MM = 150;
  private static final int SIDE = 6;

  /** Samples between what is found and what is true. */
  private static final int NEAR = 4;

  private EmptiedTrial() {}

  /** Per cent of fill, row by row. */
  public static int[] fills(Recording recording) {
    int[] fills = new int[recording.size()];
    for (int row = 0; row < fills.length; row++) {
      double fill = (EMPTY_MM - recording.valueAt(row)) / (EMPTY_MM - FULL_MM);
      fills[row] = (int) Math.round(100 * Math.max(0, Math.min(1, fill)));
    }
    return fills;
  }

  /** Rows at which the container was emptied of {@code least} per cent or more. */
  public static List<Integer> truth(int[] fills, int least) {
    List<Integer> rows = new ArrayList<>();
    for (int row = SIDE; row + SIDE <= fills.length; row++) {
      int here = drop(fills, row);
      boolean isTop = here >= least;
      for (int other = row - SIDE; isTop && other <= row + SIDE; other++) {
        if (other >= SIDE && other + SIDE <= fills.length && other != row) {
          int there = drop(fills, other);
          isTop = there < here || there == here && other > row;
        }
      }
      if (isTop) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static int drop(int[] fills, int row) {
    return median(fills, row - SIDE) - median(fills, row);
  }

  private static int median(int[] fills, int from) {
    int[] side = Arrays.copyOfRange(fills, from, from + SIDE);
    Arrays.sort(side);
    return side[SIDE / 2];
  }

  /**
   * @param drop of the rule.
   */
  public static Judged judge(Recording recording, String name, int drop) {
    int[] fills = fills(recording);
    List<Integer> truth = truth(fills, drop);
    // What is nearly as large counts neither for nor against it.
    List<Integer> near = truth(fills, drop / 2);
    Series series = new Series(new Diagnosis.Emptied(drop).probe(PLACE), FILL);
    List<Integer> told = new ArrayList<>();
    for (int row = 0; row < fills.length; row++) {
      if (series.look(recording.atMs(row), fills[row]) == Verdict.NOW) {
        told.add(row);
      }
    }
    int found = (int) truth.stream().filter(row -> isNear(row, told)).count();
    int falsely = (int) told.stream().filter(row -> !isNear(row, near)).count();
    return new Judged(
        "container-emptied", name, truth.size(), found, fills.length - truth.size(), falsely);
  }

  private static boolean isNear(int row, List<Integer> rows) {
    return rows.stream().anyMatch(other -> Math.abs(other - row) <= NEAR);
  }
}
