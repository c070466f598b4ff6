package io.verge.autonomy;

import io.verge.model.Severity;
import java.util.List;

/**
 * One {@code [[rule]]}.
 *
 * @param assets it judges.
 * @param dwellMs how long the verdict must hold before it is raised, and before it is cleared.
 */
public record Rule(
    String name, Diagnosis diagnosis, List<String> assets, long dwellMs, Severity severity) {
  public Rule {
    assets = List.copyOf(assets);
  }
}
