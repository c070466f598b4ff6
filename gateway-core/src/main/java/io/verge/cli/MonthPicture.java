package io.verge.cli;

import io.verge.local.MonthView;
import io.verge.local.UplinkView;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A month of a data plan: a column a day, and where it leads. Pure. */
final class MonthPicture {
  private final Glyphs glyphs;

  MonthPicture(Glyphs glyphs) {
    this.glyphs = glyphs;
  }

  /** Nothing while no clock has told which month it is. */
  List<String> lines(UplinkView uplink) {
    MonthView month = uplink.month();
    if (month.days() == 0 || month.daily().isEmpty()) {
      return List.of();
    }
    LocalDate first = LocalDate.parse(month.first());
    LocalDate last = first.plusDays(month.days() - 1L);
    List<String> lines = new ArrayList<>();
    lines.add("           " + days(month) + "  at most " + Units.bytes(most(month)) + " a day");
    lines.add(
        "           "
            + spread(first.toString().substring(5), last.toString().substring(5), month.days())
            + "  sent "
            + Units.bytes(month.sent())
            + ", received "
            + Units.bytes(month.received()));
    String projection = "projection " + Units.bytes(month.projected()) + " by " + last;
    if (uplink.budgetBytes() > 0) {
      projection +=
          month.projected() > uplink.budgetBytes()
              ? ": over the budget by " + Units.bytes(month.projected() - uplink.budgetBytes())
              : ": within the budget";
    }
    lines.add(projection);
    if (!month.thrift().isEmpty()) {
      lines.add("to save    " + month.thrift());
    }
    return lines;
  }

  private static long most(MonthView month) {
    return Collections.max(month.daily());
  }

  /** From zero, so that half as high is half as much; days to come are dots. */
  private String days(MonthView month) {
    long most = Math.max(1, most(month));
    StringBuilder line = new StringBuilder();
    int steps = glyphs.sparks().length() - 1;
    for (long bytes : month.daily()) {
      line.append(glyphs.sparks().charAt((int) Math.round((double) bytes * steps / most)));
    }
    line.append(glyphs.dark().repeat(Math.max(0, month.days() - month.daily().size())));
    return line.toString();
  }

  private static String spread(String left, String right, int width) {
    return left + " ".repeat(Math.max(1, width - left.length() - right.length())) + right;
  }
}
