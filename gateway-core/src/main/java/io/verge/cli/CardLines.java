package io.verge.cli;

import io.verge.local.CardView;
import java.util.ArrayList;
import java.util.List;

/** What a card was told to write, and how long it stands that. */
final class CardLines {
  private static final long DAYS_A_YEAR = 365;
  private static final long YEARS_MOST = 100;
  private static final int WHOLE = 100;

  private CardLines() {}

  static List<String> of(CardView card) {
    List<String> lines = new ArrayList<>();
    Long perDay = card.dayBytes();
    Long days = card.lifeDays();
    lines.add(
        card.name()
            + " of "
            + Units.bytes(card.bytes())
            + ": "
            + Units.bytes(card.todayBytes())
            + " written today"
            + (perDay == null ? "" : ", " + Units.bytes(perDay) + " a day"));
    if (days == null) {
      lines.add("  how long it lasts can be told after ten minutes");
    } else {
      lines.add(
          "  a new one lasts "
              + life(days)
              + " if it stands "
              + Units.bytes(card.enduranceBytes())
              + (card.assumed() ? ", a guess;" : ","));
      lines.add(
          card.assumed()
              ? "  its data sheet knows better: store.card_endurance"
              : "  as its data sheet says (store.card_endurance)");
    }
    Integer used = card.usedPercent();
    if (used != null) {
      lines.add(
          used > WHOLE
              ? "  it says itself that its life is over: replace it"
              : "  it says itself that up to " + used + "% of its life are used");
    }
    return lines;
  }

  private static String life(long days) {
    long years = days / DAYS_A_YEAR;
    if (years >= YEARS_MOST) {
      return "more than " + YEARS_MOST + " years";
    }
    return years >= 2 ? years + " years" : days + " days";
  }
}
