package io.verge.simulator.backend;

import io.verge.model.Lane;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The proof: for every gateway, epoch and lane, that what was numbered is stored or declared lost.
 *
 * @param readings stored, per type of asset.
 */
public record Report(List<Row> rows, Map<String, Long> readings) {
  /**
   * One lane of one epoch.
   *
   * @param mark highest batch acked.
   * @param batches stored.
   * @param bytes of their messages.
   * @param first number stored or declared lost; 0 if none.
   * @param last the highest.
   * @param stored numbers (samples and events) found in the rows.
   * @param declared numbers declared lost and not stored.
   * @param missing numbers from 1 to {@code last} neither stored nor declared.
   * @param duplicates numbers stored more than once.
   * @param readings stored.
   */
  public record Row(
      String gateway,
      long epoch,
      Lane lane,
      long mark,
      long batches,
      long bytes,
      long first,
      long last,
      long stored,
      long declared,
      long missing,
      long duplicates,
      long readings) {}

  public Report {
    rows = List.copyOf(rows);
  }

  /** Nothing missing, nothing twice. */
  public boolean isWhole() {
    return rows.stream().allMatch(row -> row.missing() == 0 && row.duplicates() == 0);
  }

  public long totalReadings() {
    return rows.stream().mapToLong(Row::readings).sum();
  }

  /** For a terminal. */
  public String table() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-16s %-16s %-9s %8s %9s %19s %9s %9s %7s %9s %10s",
            "gateway",
            "epoch",
            "lane",
            "batches",
            "KiB",
            "numbered",
            "stored",
            "declared",
            "missing",
            "duplicate",
            "readings"));
    for (Row row : rows) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-16s %016x %-9s %8d %9.1f %19s %9d %9d %7d %9d %10d",
              row.gateway(),
              row.epoch(),
              word(row.lane()),
              row.batches(),
              row.bytes() / 1024.0,
              row.first() + ".." + row.last(),
              row.stored(),
              row.declared(),
              row.missing(),
              row.duplicates(),
              row.readings()));
    }
    readings.forEach(
        (type, count) ->
            lines.add(String.format(Locale.ROOT, "readings of %-22s %d", type, count)));
    lines.add(
        String.format(
            Locale.ROOT,
            "readings in all %d; %s",
            totalReadings(),
            isWhole() ? "nothing missing, nothing twice" : "NOT WHOLE"));
    return String.join(System.lineSeparator(), lines);
  }

  /** For programs; values are strings, numbers, booleans, and lists and maps of these. */
  public Map<String, Object> json() {
    List<Map<String, Object>> list = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("gateway", row.gateway());
      entry.put("epoch", String.format(Locale.ROOT, "%016x", row.epoch()));
      entry.put("lane", word(row.lane()));
      entry.put("mark", row.mark());
      entry.put("batches", row.batches());
      entry.put("bytes", row.bytes());
      entry.put("first", row.first());
      entry.put("last", row.last());
      entry.put("stored", row.stored());
      entry.put("declared", row.declared());
      entry.put("missing", row.missing());
      entry.put("duplicates", row.duplicates());
      entry.put("readings", row.readings());
      list.add(entry);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("whole", isWhole());
    object.put("readings", totalReadings());
    object.put("by_type", readings);
    object.put("lanes", list);
    return object;
  }

  private static String word(Lane lane) {
    return lane.name().toLowerCase(Locale.ROOT);
  }
}
