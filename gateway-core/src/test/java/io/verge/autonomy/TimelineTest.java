package io.verge.autonomy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a plan wants, night by night. */
class TimelineTest {
  private static final Place BERLIN = new Place(52.5, 13.4, ZoneId.of("Europe/Berlin"));
  private static final Place LONGYEARBYEN =
      new Place(78 + 13 / 60.0, 15 + 38 / 60.0, ZoneId.of("Arctic/Longyearbyen"));
  private static final Set<DayOfWeek> ALL = EnumSet.allOf(DayOfWeek.class);

  @Test
  void aNightOfClockSteps() {
    PlanGroup plan = plan("18:00", "07:00", step("23:00", 60), step("05:00", 100));
    assertThat(night(plan, "2026-01-15", BERLIN))
        .containsExactly("15 18:00 100%", "15 23:00 60%", "16 05:00 100%", "16 07:00 0%");
    assertThat(level(plan, "2026-01-15T17:59:59", BERLIN)).isZero();
    assertThat(level(plan, "2026-01-15T18:00:00", BERLIN)).isEqualTo(100);
    assertThat(level(plan, "2026-01-15T23:59:59", BERLIN)).isEqualTo(60);
    assertThat(level(plan, "2026-01-16T00:00:00", BERLIN)).isEqualTo(60);
    assertThat(level(plan, "2026-01-16T06:59:59", BERLIN)).isEqualTo(100);
    assertThat(level(plan, "2026-01-16T07:00:00", BERLIN)).isZero();
  }

  @Test
  void whatChangesNextIsTold() {
    PlanGroup plan = plan("18:00", "07:00", step("23:00", 60));
    assertThat(next(plan, "2026-01-15T12:00:00", BERLIN)).isEqualTo("15 18:00");
    assertThat(next(plan, "2026-01-15T23:30:00", BERLIN)).isEqualTo("16 07:00");
    assertThat(next(plan, "2026-01-16T00:30:00", BERLIN)).isEqualTo("16 07:00");
  }

  /** Clocks go from 02:00 to 03:00: the night is an hour shorter, 02:30 is 03:30. */
  @Test
  void theNightClocksGoForward() {
    PlanGroup plan = plan("20:00", "06:00", step("02:30", 40));
    List<Timeline.Change> night = Timeline.night(plan, LocalDate.parse("2026-03-28"), BERLIN);
    assertThat(hours(night)).isEqualTo(9);
    assertThat(texts(night, BERLIN))
        .containsExactly("28 20:00 100%", "29 03:30 40%", "29 06:00 0%");
  }

  /** Clocks go from 03:00 to 02:00: 02:30 comes twice, and is meant the first time. */
  @Test
  void theNightClocksGoBack() {
    PlanGroup plan = plan("20:00", "06:00", step("02:30", 40));
    List<Timeline.Change> night = Timeline.night(plan, LocalDate.parse("2026-10-24"), BERLIN);
    assertThat(hours(night)).isEqualTo(11);
    assertThat(Instant.ofEpochMilli(night.get(1).utcMs())).isEqualTo("2026-10-25T00:30:00Z");
    assertThat(night).hasSize(3);
  }

  private static double hours(List<Timeline.Change> night) {
    return (night.get(night.size() - 1).utcMs() - night.get(0).utcMs()) / 3_600_000.0;
  }

  @Test
  void stepsHoldOnTheDaysTheirNightBeginsOn() {
    PlanGroup plan =
        plan(
            "20:00",
            "06:00",
            new PlanGroup.Step(
                moment("23:00"), 50, EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.THURSDAY)),
            new PlanGroup.Step(
                moment("01:00"), 50, EnumSet.of(DayOfWeek.FRIDAY, DayOfWeek.SATURDAY)));
    // 2026-11-26 is a Thursday.
    assertThat(night(plan, "2026-11-26", BERLIN))
        .containsExactly("26 20:00 100%", "26 23:00 50%", "27 06:00 0%");
    assertThat(night(plan, "2026-11-27", BERLIN))
        .containsExactly("27 20:00 100%", "28 01:00 50%", "28 06:00 0%");
    assertThat(night(plan, "2026-11-29", BERLIN)).containsExactly("29 20:00 100%", "30 06:00 0%");
  }

  @Test
  void exceptionsReplaceANight() {
    PlanGroup plan =
        group(
            "20:00",
            "06:00",
            0,
            List.of(step("23:00", 50)),
            List.of(
                new PlanGroup.Special(List.of(dates("12-31..01-01")), moment("16:00"), null, 80),
                new PlanGroup.Special(List.of(dates("2026-12-24")), null, moment("23:30"), 30)));
    assertThat(night(plan, "2026-12-31", BERLIN)).containsExactly("31 16:00 80%", "01 06:00 0%");
    assertThat(night(plan, "2027-01-01", BERLIN)).containsExactly("01 16:00 80%", "02 06:00 0%");
    assertThat(night(plan, "2026-12-24", BERLIN)).containsExactly("24 20:00 30%", "24 23:30 0%");
    assertThat(night(plan, "2027-12-24", BERLIN)).hasSize(3);
  }

  @Test
  void aStepBeforeTheLightBeginsIsTheLevelItBeginsWith() {
    PlanGroup plan = plan("sunset", "sunrise", step("21:00", 60));
    assertThat(night(plan, "2026-06-21", BERLIN)).hasSize(2).first().asString().endsWith("60%");
    assertThat(night(plan, "2026-12-21", BERLIN)).hasSize(3).first().asString().endsWith("100%");
  }

  /** U.S. Naval Observatory, 2020: 7 March 06:31 and 15:48 UT, 8 March 06:23. */
  @Test
  void sunAndOffsets() {
    PlanGroup plan = plan("sunset-10m", "sunrise+10m");
    assertThat(night(plan, "2020-03-07", LONGYEARBYEN))
        .containsExactly("07 16:38 100%", "08 07:33 0%");
  }

  @Test
  void inPolarDayThereIsNoNight() {
    for (String[] window :
        new String[][] {{"sunset", "sunrise"}, {"22:00", "sunrise"}, {"sunset", "02:00"}}) {
      PlanGroup plan = plan(window[0], window[1], step("23:00", 60));
      assertThat(night(plan, "2026-06-21", LONGYEARBYEN)).isEmpty();
      assertThat(level(plan, "2026-06-21T23:30:00", LONGYEARBYEN)).isZero();
    }
  }

  @Test
  void inPolarNightTheLightStaysOn() {
    PlanGroup plan = plan("sunset+10m", "sunrise-10m", step("23:00", 60), step("05:00", 100));
    LocalDateTime time = LocalDateTime.parse("2026-12-20T00:00:00");
    for (int minute = 0; minute < 3 * 24 * 60; minute++) {
      String at = time.plusMinutes(minute).format(DateTimeFormatter.ISO_LOCAL_DATE_TIME);
      int hour = time.plusMinutes(minute).getHour();
      assertThat(level(plan, at, LONGYEARBYEN)).as(at).isEqualTo(hour == 23 || hour < 5 ? 60 : 100);
    }
  }

  @Test
  void aWholeDayFromNoonToNoon() {
    PlanGroup plan = plan("12:00", "12:00", step("22:00", 30));
    for (int hour = 0; hour < 24; hour++) {
      String at = String.format(java.util.Locale.ROOT, "2026-05-05T%02d:00:00", hour);
      assertThat(level(plan, at, BERLIN)).as(at).isEqualTo(hour >= 22 || hour < 12 ? 30 : 100);
    }
  }

  /** A night that begins before the last one has ended takes over. */
  @Test
  void nightsThatOverlap() {
    PlanGroup plan = plan("sunset-12h", "sunrise+12h");
    assertThat(level(plan, "2026-12-21T12:00:00", BERLIN)).isEqualTo(100);
    assertThat(level(plan, "2026-12-21T21:00:00", BERLIN)).isEqualTo(100);
  }

  @Test
  void aRampGoesInTenthsAndEndsInTime() {
    PlanGroup plan = group("20:00", "06:00", 600_000, List.of(step("20:05", 20)), List.of());
    Timeline timeline = Timeline.of(plan, LocalDate.parse("2026-11-26"), BERLIN);
    assertThat(timeline.at(utc("2026-11-26T20:00:00", BERLIN)).change().level()).isEqualTo(10);
    assertThat(timeline.at(utc("2026-11-26T20:04:59", BERLIN)).change().level()).isEqualTo(50);
    assertThat(timeline.at(utc("2026-11-26T20:05:00", BERLIN)).change().level()).isEqualTo(40);
    assertThat(timeline.at(utc("2026-11-26T20:15:00", BERLIN)).change().level()).isEqualTo(20);
    assertThat(timeline.at(utc("2026-11-27T06:10:00", BERLIN)).change().level()).isZero();
    assertThat(timeline.changes()).allMatch(change -> change.level() >= 0 && change.level() <= 100);
  }

  /** Every minute of two years, the timelines of neighbouring dates meet without a jump. */
  @Test
  void aTimelineEndsAsTheNextBegins() {
    for (Place place : List.of(BERLIN, LONGYEARBYEN)) {
      PlanGroup plan = plan("sunset-5m", "dawn+5m", step("23:00", 60));
      for (LocalDate date = LocalDate.of(2026, 1, 1);
          date.getYear() < 2028;
          date = date.plusDays(1)) {
        long midnight = date.plusDays(1).atStartOfDay(place.zone()).toInstant().toEpochMilli();
        int ends = Timeline.of(plan, date, place).at(midnight).change().level();
        int begins = Timeline.of(plan, date.plusDays(1), place).at(midnight).change().level();
        assertThat(ends).as("%s %s", place.zone(), date).isEqualTo(begins);
      }
    }
  }

  @Test
  void textsThatAreNoTimes() {
    for (String text :
        List.of(
            "", "24:00", "1:60", "noon", "sunset-", "sunset+1", "sunset+13h", "dusk 5m", "-1m")) {
      assertThat(Moment.parse(text).isValid()).as(text).isFalse();
    }
    assertThat(moment("sunset-1h30m")).isEqualTo(new Moment(Moment.Base.SUNSET, -90));
    assertThat(moment("dawn")).hasToString("dawn");
    for (String text :
        List.of("2026-02-30", "13-01", "12-24..2026-12-26", "2026-12-26..2026-12-24", "x")) {
      assertThat(Dates.parse(text).isValid()).as(text).isFalse();
    }
  }

  private static PlanGroup plan(String on, String off, PlanGroup.Step... steps) {
    return group(on, off, 0, List.of(steps), List.of());
  }

  private static PlanGroup group(
      String on,
      String off,
      long rampMs,
      List<PlanGroup.Step> steps,
      List<PlanGroup.Special> exceptions) {
    return new PlanGroup(
        "street",
        List.of("lamp-1"),
        moment(on),
        moment(off),
        100,
        steps,
        exceptions,
        rampMs,
        0,
        100,
        3_600_000);
  }

  private static PlanGroup.Step step(String at, int level) {
    return new PlanGroup.Step(moment(at), level, ALL);
  }

  private static Moment moment(String text) {
    return Moment.parse(text).orThrow();
  }

  private static Dates dates(String text) {
    return Dates.parse(text).orThrow();
  }

  private static List<String> night(PlanGroup plan, String date, Place place) {
    return texts(Timeline.night(plan, LocalDate.parse(date), place), place);
  }

  private static List<String> texts(List<Timeline.Change> changes, Place place) {
    return changes.stream()
        .map(change -> local(change.utcMs(), place) + " " + change.level() + "%")
        .toList();
  }

  private static String local(long utcMs, Place place) {
    return Instant.ofEpochMilli(utcMs + 30_000)
        .atZone(place.zone())
        .format(DateTimeFormatter.ofPattern("dd HH:mm"));
  }

  private static long utc(String local, Place place) {
    return LocalDateTime.parse(local).atZone(place.zone()).toInstant().toEpochMilli();
  }

  private static Timeline.Wanted at(PlanGroup plan, String local, Place place) {
    long utc = utc(local, place);
    return Timeline.of(plan, Timeline.dateOf(utc, place), place).at(utc);
  }

  private static int level(PlanGroup plan, String local, Place place) {
    return at(plan, local, place).change().level();
  }

  private static @Nullable String next(PlanGroup plan, String local, Place place) {
    return local(at(plan, local, place).nextMs(), place);
  }
}
