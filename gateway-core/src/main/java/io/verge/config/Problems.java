package io.verge.config;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Problems of one reading, each once, however often its key was read. */
final class Problems {
  /** Enough to mend a file; a binary given by mistake must not fill the screen. */
  private static final int MOST = 200;

  private final Set<Problem> found = new LinkedHashSet<>();

  void add(Problem problem) {
    if (found.size() < MOST) {
      found.add(problem);
    }
  }

  /** In the order of the file. */
  List<Problem> list() {
    return found.stream()
        .sorted(
            Comparator.comparing(Problem::file)
                .thenComparing(Problem::line)
                .thenComparing(Problem::column))
        .toList();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }
}
