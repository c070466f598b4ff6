package io.verge.autonomy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against the tables of the U.S. Naval Observatory, from 78 degrees north to 78 south. */
class SunTest {
  private static final long MINUTE_MS = 60_000;
  private static final double POLAR = 66;
  private static final int EXACT_PER_CENT = 95;
  private static final int POLAR_MINUTES = 1;

  /** A day of a table; rise and set as printed. */
  private record Row(Place place, double limit, LocalDate date, String rise, String set) {
    boolean passes() {
      return Character.isDigit(rise.charAt(0)) && Character.isDigit(set.charAt(0));
    }
  }

  @Test
  void theAlmanacToTheMinuteBetweenThePolarCircles() throws IOException {
    int exact = 0;
    int all = 0;
    for (Row row : rows()) {
      if (row.passes() && Math.abs(row.place().latitude()) < POLAR) {
        for (boolean rise : new boolean[] {true, false}) {
          long difference = difference(row, rise);
          assertThat(difference).as("%s rise %s", row, rise).isLessThanOrEqualTo(1);
          exact += difference == 0 ? 1 : 0;
          all++;
        }
      }
    }
    assertThat(all).isGreaterThan(1100);
    // Both are rounded to the minute; what lies near the edge of one may fall on either side.
    assertThat(exact).isGreaterThan(all * EXACT_PER_CENT / 100);
  }

  /** At 78 degrees the sun's way is flat: a hundredth of a degree of refraction is minutes. */
  @Test
  void betweenPolarNightAndDay() throws IOException {
    int passing = 0;
    for (Row row : rows()) {
      if (row.passes() && Math.abs(row.place().latitude()) > POLAR) {
        assertThat(difference(row, true)).as("%s", row).isLessThanOrEqualTo(POLAR_MINUTES);
        assertThat(difference(row, false)).as("%s", row).isLessThanOrEqualTo(POLAR_MINUTES);
        passing++;
      }
    }
    assertThat(passing).isGreaterThan(90);
  }

  @Test
  void polarDayAndNight() throws IOException {
    int staying = 0;
    for (Row row : rows()) {
      if (row.passes()) {
        continue;
      }
      boolean above = row.rise().equals("above");
      long begin = row.date().atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
      for (int day = -1; day <= 1; day++) {
        LocalDate date = row.date().plusDays(day);
        for (Sun.Passage passage :
            List.of(
                Sun.morning(date, row.place(), row.limit()),
                Sun.evening(date, row.place(), row.limit()))) {
          boolean today = passage.utcMs() >= begin && passage.utcMs() < begin + 24 * 60 * MINUTE_MS;
          if (today) {
            assertThat(passage.course())
                .as("%s", row)
                .isEqualTo(above ? Sun.Course.STAYS_ABOVE : Sun.Course.STAYS_BELOW);
          }
        }
      }
      for (int hour = 0; hour < 24; hour++) {
        double altitude =
            Sun.altitude(
                begin + hour * 60 * MINUTE_MS, row.place().latitude(), row.place().longitude());
        assertThat(altitude > row.limit()).as("%s hour %d", row, hour).isEqualTo(above);
      }
      staying++;
    }
    assertThat(staying).isGreaterThan(100);
  }

  /** The table's day is that of UT, in which the event of either neighbouring date may fall. */
  private static long difference(Row row, boolean rise) {
    String printed = rise ? row.rise() : row.set();
    long expected =
        row.date()
            .atTime(
                Integer.parseInt(printed.substring(0, 2)), Integer.parseInt(printed.substring(2)))
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli();
    long least = Long.MAX_VALUE;
    for (int day = -1; day <= 1; day++) {
      LocalDate date = row.date().plusDays(day);
      Sun.Passage passage =
          rise
              ? Sun.morning(date, row.place(), row.limit())
              : Sun.evening(date, row.place(), row.limit());
      if (passage.course() == Sun.Course.PASSES) {
        long rounded = Math.floorDiv(passage.utcMs() + MINUTE_MS / 2, MINUTE_MS) * MINUTE_MS;
        least = Math.min(least, Math.abs(rounded - expected) / MINUTE_MS);
      }
    }
    return least;
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream in = SunTest.class.getResourceAsStream("almanac-usno.txt");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      String[] table = {};
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("table ")) {
          table = line.split(" ", -1);
        } else if (!line.startsWith("#")) {
          rows.addAll(month(table, line));
        }
      }
    }
    return rows;
  }

  private static List<Row> month(String[] table, String line) {
    Place place = new Place(degrees(table[2]), degrees(table[3]), ZoneOffset.UTC);
    double limit = table[5].equals("sun") ? Sun.HORIZON : Sun.CIVIL;
    List<Row> rows = new ArrayList<>();
    String[] cells = line.split(" \\| ", -1);
    for (int i = 1; i < cells.length; i++) {
      String[] cell = cells[i].split(" ", -1);
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(table[4]), Integer.parseInt(cells[0]), Integer.parseInt(cell[0]));
      rows.add(new Row(place, limit, date, cell[1], cell[2]));
    }
    return rows;
  }

  /** {@code N61:13}. */
  private static double degrees(String text) {
    String[] parts = text.substring(1).split(":", -1);
    double degrees = Integer.parseInt(parts[0]) + Integer.parseInt(parts[1]) / 60.0;
    return text.charAt(0) == 'S' || text.charAt(0) == 'W' ? -degrees : degrees;
  }
}
