package io.verge.simulator.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a stage of a campaign found wrong, by kind. Any thread. */
final class Verdict {
  /** What may not happen. */
  enum Wrong {
    /** Committed, and neither delivered nor declared. */
    LOST,
    /** In the ledger twice. */
    DUPLICATE,
    /** One number for two things. */
    REUSED,
    /** Neither stored nor in a gap, or in a gap and counted wrongly. */
    UNDECLARED,
    /** Above the limit. */
    LIMIT,
    /** Whatever else: a store put aside, in memory, or silent about its trouble. */
    OTHER
  }

  /** Examples kept of each kind; all are counted. */
  private static final int EXAMPLES = 5;

  private final Map<Wrong, Long> counts = new EnumMap<>(Wrong.class);
  private final Map<Wrong, List<String>> examples = new EnumMap<>(Wrong.class);

  synchronized void add(Wrong wrong, long count, String example) {
    if (count <= 0) {
      return;
    }
    counts.merge(wrong, count, Long::sum);
    List<String> kept = examples.computeIfAbsent(wrong, unused -> new ArrayList<>());
    if (kept.size() < EXAMPLES) {
      kept.add(example);
    }
  }

  void lost(long count, String example) {
    add(Wrong.LOST, count, example);
  }

  void duplicate(long count, String example) {
    add(Wrong.DUPLICATE, count, example);
  }

  void reused(String example) {
    add(Wrong.REUSED, 1, example);
  }

  void undeclared(long count, String example) {
    add(Wrong.UNDECLARED, count, example);
  }

  void other(String example) {
    add(Wrong.OTHER, 1, example);
  }

  synchronized boolean isClean() {
    return counts.isEmpty();
  }

  synchronized long count(Wrong wrong) {
    return counts.getOrDefault(wrong, 0L);
  }

  /** One line: every kind and its count. */
  String line() {
    List<String> parts = new ArrayList<>();
    for (Wrong wrong : Wrong.values()) {
      parts.add(wrong.name().toLowerCase(Locale.ROOT) + " " + count(wrong));
    }
    return String.join(", ", parts);
  }

  synchronized List<String> examples() {
    return examples.values().stream().flatMap(List::stream).toList();
  }
}
