package io.verge.simulator.faults;

import io.verge.simulator.backend.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scene's books: what the gateway acquired, and what its back end has and was told is lost.
 *
 * @param acquired readings.
 * @param delivered readings in the ledger.
 * @param refused readings declared lost with reason refused, as the gateway counts.
 * @param missing numbers neither stored nor declared.
 * @param duplicates numbers stored twice.
 * @param resent batches beyond the first sending.
 * @param note what the scene did, with figures.
 * @param wrong what else is not as it must be.
 */
record LinkBooks(
    long acquired,
    long delivered,
    long refused,
    long missing,
    long duplicates,
    long resent,
    String note,
    List<String> wrong) {
  LinkBooks {
    wrong = List.copyOf(wrong);
  }

  static LinkBooks of(long acquired, long refused, Report report, long resent, String note) {
    return new LinkBooks(
        acquired,
        report.totalReadings(),
        refused,
        report.rows().stream().mapToLong(Report.Row::missing).sum(),
        report.rows().stream().mapToLong(Report.Row::duplicates).sum(),
        resent,
        note,
        List.of());
  }

  /** The same, and one more thing that must hold. */
  LinkBooks must(boolean holds, String otherwise) {
    if (holds) {
      return this;
    }
    List<String> more = new ArrayList<>(wrong);
    more.add(otherwise);
    return new LinkBooks(acquired, delivered, refused, missing, duplicates, resent, note, more);
  }

  boolean isClosed() {
    return acquired > 0
        && acquired == delivered + refused
        && missing == 0
        && duplicates == 0
        && wrong.isEmpty();
  }

  static String head() {
    return String.format(
        Locale.ROOT,
        "%-34s %6s %9s %9s %8s %7s %5s %7s %4s  %s",
        "scene",
        "seed",
        "acquired",
        "delivered",
        "declared",
        "missing",
        "twice",
        "resent",
        "s",
        "");
  }

  String line(String name, long seed, double seconds) {
    return String.format(
        Locale.ROOT,
        "%-34s %6d %9d %9d %8d %7d %5d %7d %4.0f  %s%s",
        name,
        seed,
        acquired,
        delivered,
        refused,
        missing,
        duplicates,
        resent,
        seconds,
        isClosed() ? "ok" : "WRONG " + String.join("; ", wrong),
        note.isEmpty() ? "" : ": " + note);
  }
}
