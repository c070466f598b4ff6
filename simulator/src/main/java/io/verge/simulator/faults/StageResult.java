package io.verge.simulator.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * How a stage of a campaign went.
 *
 * @param faults how many there were.
 * @param lines for people.
 */
record StageResult(
    String name, long faults, long seed, Verdict verdict, List<String> lines, double seconds) {
  StageResult {
    lines = List.copyOf(lines);
  }

  StageResult with(String line) {
    List<String> more = new ArrayList<>(lines);
    more.add(line);
    return new StageResult(name, faults, seed, verdict, more, seconds);
  }
}
