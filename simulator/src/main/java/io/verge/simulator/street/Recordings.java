package io.verge.simulator.street;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Public recordings of real streets, where they lie beside the checkout:
 *
 * <ul>
 *   <li>{@code frankfurt_glass_*.csv}: distance from sensor to glass in containers of Frankfurt, an
 *       hour apart for a year (github davidvblumenthal/GarbageGrowth_Forecasting).
 *   <li>{@code ciws_site019_4s_pulses.csv}: pulses of a real one-inch water meter, 4 s apart for
 *       five days (github UCHIC/CIWS-Data, BSD-3).
 *   <li>{@code weusedto_feed_Kitchenfaucet.csv}: flow through a kitchen's tap, each second in use,
 *       every five minutes at rest, for eight months (github WEUSEDTO, CC BY 4.0).
 * </ul>
 *
 * @param containers distance from sensor to content, in millimetres.
 * @param water a running total of pulses, or null.
 * @param tap flow, in a unit the source does not state, or null.
 */
public record Recordings(
    List<Recording> containers, @Nullable Recording water, @Nullable Recording tap) {
  private static final long FILE_BYTES_MAX = 32L * 1024 * 1024;
  private static final int ROWS_MAX = 1_000_000;

  /** Heights beyond this are errors of the sensor, by the source's own notes. */
  private static final int HEIGHT_MAX_CM = 190;

  private static final DateTimeFormatter CIWS_TIME =
      DateTimeFormatter.ofPattern("\"yy-M-d H:mm:ss\"", Locale.ROOT);

  public Recordings {
    containers = List.copyOf(containers);
  }

  public static Recordings none() {
    return new Recordings(List.of(), null, null);
  }

  /** Those in the folder that the property {@code verge.datasets} names, or none. */
  public static Recordings found() throws IOException {
    String folder = System.getProperty("verge.datasets");
    return folder == null ? none() : in(Path.of(folder));
  }

  /**
   * @throws IOException if a file is there and can't be read; it names file and line.
   */
  public static Recordings in(Path folder) throws IOException {
    List<Recording> containers = new ArrayList<>();
    for (String sensor : List.of("70B3D50070001700", "70B3D50070001709")) {
      Path file = folder.resolve("frankfurt_glass_" + sensor + ".csv");
      if (Files.exists(file)) {
        containers.add(read(file, Recordings::distance));
      }
    }
    Path pulses = folder.resolve("ciws_site019_4s_pulses.csv");
    Path faucet = folder.resolve("weusedto_feed_Kitchenfaucet.csv");
    return new Recordings(
        containers,
        Files.exists(pulses) ? read(pulses, Recordings::pulses) : null,
        Files.exists(faucet) ? read(faucet, Recordings::flow) : null);
  }

  public boolean isEmpty() {
    return containers.isEmpty() && water == null && tap == null;
  }

  /** A row's moment and value; a running total is summed by the reader. */
  private record Row(long ms, double value, boolean adds) {}

  private interface RowReader {
    /**
     * @return null for a heading, or a row that is no measurement.
     */
    @Nullable Row read(String line);
  }

  private static @Nullable Row distance(String line) {
    String[] fields = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
    if (fields.length < 12 || !fields[9].endsWith(" cm")) {
      return null;
    }
    int cm = Integer.parseInt(fields[9].substring(0, fields[9].length() - 3));
    return cm > HEIGHT_MAX_CM ? null : new Row(Long.parseLong(fields[3]), cm * 10, false);
  }

  private static @Nullable Row pulses(String line) {
    String[] fields = line.split(",", -1);
    if (fields.length != 3 || !fields[0].startsWith("\"")) {
      return null;
    }
    long ms = LocalDateTime.parse(fields[0], CIWS_TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
    return new Row(ms, Integer.parseInt(fields[2]), true);
  }

  private static @Nullable Row flow(String line) {
    String[] fields = line.split(" ", -1);
    return fields.length != 2
        ? null
        : new Row(1000 * Long.parseLong(fields[0]), Double.parseDouble(fields[1]), false);
  }

  private static Recording read(Path file, RowReader reader) throws IOException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(
          file + ": " + Files.size(file) + " bytes, expected at most " + FILE_BYTES_MAX);
    }
    List<Row> rows = new ArrayList<>();
    int number = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        Row row = reader.read(line);
        if (row != null && (rows.isEmpty() || row.ms() > rows.get(rows.size() - 1).ms())) {
          rows.add(row);
        }
        if (rows.size() > ROWS_MAX) {
          throw new IOException(file + ": more than " + ROWS_MAX + " rows");
        }
      }
      return recording(rows);
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new IOException(file + ":" + number + ": " + e.getMessage(), e);
    }
  }

  private static Recording recording(List<Row> rows) {
    long[] atMs = new long[rows.size()];
    double[] values = new double[rows.size()];
    double sum = 0;
    for (int i = 0; i < atMs.length; i++) {
      Row row = rows.get(i);
      sum = row.adds() ? sum + row.value() : row.value();
      atMs[i] = row.ms();
      values[i] = sum;
    }
    return new Recording(atMs, values);
  }
}
