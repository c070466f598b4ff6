package io.verge.simulator.faults;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** What a campaign ends with: a line a stage, then what else is to be said, then what was wrong. */
final class StageTable {
  private StageTable() {}

  static void print(PrintStream out, List<StageResult> results) {
    out.printf(
        Locale.ROOT,
        "%-14s %7s %6s %7s %10s %7s %11s %6s %6s %7s%n",
        "stage",
        "faults",
        "seed",
        "lost",
        "duplicates",
        "reused",
        "undeclared",
        "limit",
        "other",
        "seconds");
    for (StageResult result : results) {
      Verdict verdict = result.verdict();
      out.printf(
          Locale.ROOT,
          "%-14s %7d %6d %7d %10d %7d %11d %6d %6d %7.0f%n",
          result.name(),
          result.faults(),
          result.seed(),
          verdict.count(Verdict.Wrong.LOST),
          verdict.count(Verdict.Wrong.DUPLICATE),
          verdict.count(Verdict.Wrong.REUSED),
          verdict.count(Verdict.Wrong.UNDECLARED),
          verdict.count(Verdict.Wrong.LIMIT),
          verdict.count(Verdict.Wrong.OTHER),
          result.seconds());
    }
    for (StageResult result : results) {
      result.lines().forEach(line -> out.println("  " + result.name() + ": " + line));
      result
          .verdict()
          .examples()
          .forEach(line -> out.println("  WRONG " + result.name() + ": " + line));
    }
    out.flush();
  }
}
