package io.verge.runtime;

import io.verge.cli.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code verge doctor} found, as text of 80 columns. Pure. */
final class Findings {
  /** As many ports with the same advice become one paragraph. */
  private static final int ALIKE_LEAST = 4;

  private static final String INDENT = "         ";

  private Findings() {}

  static List<String> lines(List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    for (Finding one : alike(findings)) {
      String state = String.format("%-8s ", one.state());
      lines.addAll(Text.wrap(state, Text.clean(one.check() + ": " + one.found()), INDENT));
      if (!one.advice().isEmpty()) {
        lines.addAll(Text.wrap(INDENT, Text.clean(one.advice()), INDENT));
      }
    }
    return lines;
  }

  private static List<Finding> alike(List<Finding> findings) {
    Map<String, List<Finding>> groups = new LinkedHashMap<>();
    for (Finding one : findings) {
      String key =
          one.check().startsWith(Doctor.PORT) ? one.state() + " " + one.advice() : one.check();
      groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(one);
    }
    List<Finding> shown = new ArrayList<>();
    for (List<Finding> group : groups.values()) {
      if (group.size() < ALIKE_LEAST || !group.get(0).check().startsWith(Doctor.PORT)) {
        shown.addAll(group);
      } else {
        shown.add(together(group));
      }
    }
    return shown;
  }

  private static Finding together(List<Finding> group) {
    Finding first = group.get(0);
    List<String> others =
        group.stream().skip(1).map(one -> one.check().substring(Doctor.PORT.length())).toList();
    return new Finding(
        first.check(),
        first.state(),
        first.found() + "; so with " + others.size() + " more: " + String.join(", ", others),
        first.advice());
  }
}
