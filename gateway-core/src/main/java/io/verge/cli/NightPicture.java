package io.verge.cli;

import io.verge.autonomy.Place;
import io.verge.autonomy.PlanGroup;
import io.verge.autonomy.Sun;
import io.verge.autonomy.Timeline;
import io.verge.config.SiteConfig;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A night from noon to noon as text: hours below, the level as columns of blocks above. */
final class NightPicture {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm");
  private static final int COLUMNS = 72;
  private static final long COLUMN_MS = 24 * 3_600_000L / COLUMNS;
  private static final int COLUMNS_A_MARK = 9;
  private static final int[] ROWS = {100, 75, 50, 25};
  private static final int ROW_PER_CENT = 25;
  private static final int MARGIN = 6;

  private NightPicture() {}

  static ZonedDateTime at(long utcMs, Place place) {
    return Instant.ofEpochMilli(utcMs).atZone(place.zone());
  }

  static List<String> lines(PlanGroup group, LocalDate evening, SiteConfig.Plan plan) {
    Place place = plan.place();
    List<String> lines = new ArrayList<>();
    int lamps = group.lamps().size();
    lines.add(
        group.name()
            + ", "
            + (lamps == 1 ? group.lamps().get(0) : lamps + " lamps")
            + ", night of "
            + evening.format(DateTimeFormatter.ofPattern("EEE yyyy-MM-dd", Locale.ROOT))
            + ", "
            + place.zone().getId());
    if (plan.hasCoordinates()) {
      lines.add(sun(evening, place));
    }
    lines.add("");
    long begin = evening.atTime(12, 0).atZone(place.zone()).toInstant().toEpochMilli();
    lines.addAll(blocks(group, evening, begin, place));
    lines.add("");
    List<Timeline.Change> night = Timeline.night(group, evening, place);
    if (night.isEmpty()) {
      lines.add("  no light in this night");
    }
    for (Timeline.Change change : night) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s  %3d%%  %s",
              at(change.utcMs(), place).format(CLOCK),
              change.level(),
              change.why()));
    }
    return lines;
  }

  private static String sun(LocalDate evening, Place place) {
    LocalDate morning = evening.plusDays(1);
    return "sunset "
        + time(Sun.evening(evening, place, Sun.HORIZON), place)
        + ", dusk "
        + time(Sun.evening(evening, place, Sun.CIVIL), place)
        + ", dawn "
        + time(Sun.morning(morning, place, Sun.CIVIL), place)
        + ", sunrise "
        + time(Sun.morning(morning, place, Sun.HORIZON), place);
  }

  private static String time(Sun.Passage passage, Place place) {
    return switch (passage.course()) {
      case PASSES -> at(passage.utcMs(), place).format(CLOCK);
      case STAYS_ABOVE -> "none: light all night";
      case STAYS_BELOW -> "none: dark all day";
    };
  }

  /** A block is drawn where at least half of its quarter is reached. */
  private static List<String> blocks(PlanGroup group, LocalDate evening, long begin, Place place) {
    Timeline first = Timeline.of(group, evening, place);
    Timeline second = Timeline.of(group, evening.plusDays(1), place);
    List<String> lines = new ArrayList<>();
    for (int row : ROWS) {
      StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%4d%% ", row));
      for (int column = 0; column < COLUMNS; column++) {
        long middle = begin + column * COLUMN_MS + COLUMN_MS / 2;
        Timeline timeline = Timeline.dateOf(middle, place).isAfter(evening) ? second : first;
        int level = timeline.at(middle).change().level();
        boolean isLit = level > 0 && (level > row - ROW_PER_CENT / 2 || row == ROW_PER_CENT);
        line.append(isLit ? '#' : column % COLUMNS_A_MARK == 0 ? '.' : ' ');
      }
      lines.add(line.toString());
    }
    StringBuilder axis = new StringBuilder(" ".repeat(MARGIN));
    for (int column = 0; column < COLUMNS; column += COLUMNS_A_MARK) {
      String mark = at(begin + column * COLUMN_MS, place).format(CLOCK);
      axis.append(mark).append(" ".repeat(COLUMNS_A_MARK - mark.length()));
    }
    lines.add(axis.toString().stripTrailing());
    return lines;
  }
}
