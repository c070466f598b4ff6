package io.verge.store;

import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which samples tell most of a period, when not all can stay. Pure. */
final class Thinning {
  private record Slot(int device, long boot, long period) {}

  private Thinning() {}

  /**
   * Of every device and period: the samples with the first least and first greatest value of each
   * point, and the last sample. Order stays.
   */
  static List<Sample> keep(List<Sample> samples, long periodMs) {
    Map<Slot, List<Integer>> slots = new HashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      Stamp stamp = samples.get(i).stamp();
      long at = stamp.hasUtc() ? stamp.utcMs() : stamp.monoMs();
      slots
          .computeIfAbsent(
              new Slot(
                  samples.get(i).device(),
                  stamp.hasUtc() ? 0 : stamp.boot(),
                  Math.floorDiv(at, periodMs)),
              unused -> new ArrayList<>())
          .add(i);
    }
    Set<Integer> kept = new HashSet<>();
    slots.values().forEach(slot -> extremes(samples, slot, kept));
    List<Sample> left = new ArrayList<>(kept.size());
    for (int i = 0; i < samples.size(); i++) {
      if (kept.contains(i)) {
        left.add(samples.get(i));
      }
    }
    return left;
  }

  private static void extremes(List<Sample> samples, List<Integer> slot, Set<Integer> kept) {
    kept.add(slot.get(slot.size() - 1));
    int points = samples.get(slot.get(0)).values().length;
    for (int point = 0; point < points; point++) {
      int least = -1;
      int greatest = -1;
      for (int i : slot) {
        long value = samples.get(i).values()[point];
        if (value == Sample.NONE) {
          continue;
        }
        if (least < 0 || value < samples.get(least).values()[point]) {
          least = i;
        }
        if (greatest < 0 || value > samples.get(greatest).values()[point]) {
          greatest = i;
        }
      }
      if (least >= 0) {
        kept.add(least);
        kept.add(greatest);
      }
    }
  }
}
