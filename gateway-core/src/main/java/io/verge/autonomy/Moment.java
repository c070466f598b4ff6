package io.verge.autonomy;

import io.verge.bytes.Decoded;
import java.time.LocalDate;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in a night: by the clock, or by the sun with an offset.
 *
 * <p>A night belongs to the date on which it begins and runs from noon to noon: {@code 23:00} is on
 * that date, {@code 05:00} on the next. A time the zone's clock skips in spring is taken as much
 * later; one it shows twice in autumn is meant the first time.
 *
 * @param minutes of the clock since midnight, 0..1439; by the sun: offset, -720..720.
 */
public record Moment(Base base, int minutes) {
  /** What it is told by. */
  public enum Base {
    CLOCK,
    SUNSET,
    DUSK,
    DAWN,
    SUNRISE;

    private boolean isEvening() {
      return this == SUNSET || this == DUSK;
    }

    private double limit() {
      return this == SUNSET || this == SUNRISE ? Sun.HORIZON : Sun.CIVIL;
    }
  }

  public static final String EXPECTED =
      "a time such as \"23:00\", \"sunset-10m\", \"dusk\", \"dawn\", \"sunrise+1h30m\"";

  private static final int NOON = 12 * 60;
  private static final int OFFSET_MOST = 12 * 60;
  private static final Pattern CLOCK_TEXT = Pattern.compile("([01]?[0-9]|2[0-3]):([0-5][0-9])");
  private static final Pattern SUN_TEXT =
      Pattern.compile(
          "(sunset|dusk|dawn|sunrise)(?:([+-])(?=[0-9])(?:([0-9]{1,2})h)?(?:([0-9]{1,3})m)?)?");

  public static Decoded<Moment> parse(String text) {
    Matcher clock = CLOCK_TEXT.matcher(text);
    if (clock.matches()) {
      return Decoded.valid(
          new Moment(
              Base.CLOCK,
              60 * Integer.parseInt(clock.group(1)) + Integer.parseInt(clock.group(2))));
    }
    Matcher sun = SUN_TEXT.matcher(text);
    if (!sun.matches()) {
      return Decoded.invalid("found \"" + text + "\"", 0);
    }
    int minutes = 60 * number(sun.group(3)) + number(sun.group(4));
    if (minutes > OFFSET_MOST) {
      return Decoded.invalid("found an offset of more than 12 h, \"" + text + "\"", 0);
    }
    return Decoded.valid(
        new Moment(
            Base.valueOf(sun.group(1).toUpperCase(Locale.ROOT)),
            "-".equals(sun.group(2)) ? -minutes : minutes));
  }

  private static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  public boolean isBySun() {
    return base != Base.CLOCK;
  }

  /**
   * When it is in the night that begins on {@code evening}, in milliseconds UTC. Where the sun does
   * not come up between two nights, it sets and rises at noon, without offset. Empty where it does
   * not go down: there is no such moment then.
   */
  public OptionalLong in(LocalDate evening, Place place) {
    if (!isBySun()) {
      LocalDate date = minutes >= NOON ? evening : evening.plusDays(1);
      return OptionalLong.of(clock(date, place));
    }
    Sun.Passage passage =
        base.isEvening()
            ? Sun.evening(evening, place, base.limit())
            : Sun.morning(evening.plusDays(1), place, base.limit());
    return switch (passage.course()) {
      case STAYS_ABOVE -> OptionalLong.empty();
      case STAYS_BELOW -> OptionalLong.of(passage.utcMs());
      case PASSES -> OptionalLong.of(passage.utcMs() + minutes * 60_000L);
    };
  }

  /** As {@link #in}, but noon by the clock is the end of the night, not its begin. */
  OptionalLong endIn(LocalDate evening, Place place) {
    return !isBySun() && minutes == NOON
        ? OptionalLong.of(clock(evening.plusDays(1), place))
        : in(evening, place);
  }

  private long clock(LocalDate date, Place place) {
    return date.atTime(minutes / 60, minutes % 60).atZone(place.zone()).toInstant().toEpochMilli();
  }

  /** As in the configuration. */
  @Override
  public String toString() {
    if (!isBySun()) {
      return String.format(Locale.ROOT, "%02d:%02d", minutes / 60, minutes % 60);
    }
    return base.name().toLowerCase(Locale.ROOT)
        + (minutes == 0 ? "" : (minutes < 0 ? "-" : "+") + Math.abs(minutes) + "m");
  }
}
