package io.verge.cli;

import io.verge.local.BusView;
import io.verge.local.EventView;
import io.verge.local.LaneView;
import io.verge.local.PointView;
import io.verge.local.ProblemView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Draws the street on a page of any size from 60 columns and 16 rows on. Pure. */
final class WatchPage {
  private static final int LABEL = 11;

  private final WatchModel model;
  private final Glyphs glyphs;
  private final int rows;
  private final int columns;
  private final List<String> lines = new ArrayList<>();

  private WatchPage(WatchModel model, Glyphs glyphs, RawTerminal.Size size) {
    this.model = model;
    this.glyphs = glyphs;
    this.rows = size.rows();
    this.columns = size.columns();
  }

  /**
   * @param selected the asset under the bar; one of the model's.
   */
  static List<String> draw(
      WatchModel model, Glyphs glyphs, RawTerminal.Size size, String selected) {
    WatchPage page = new WatchPage(model, glyphs, size);
    StatusView status = model.status();
    if (status == null) {
      return List.of("asking the gateway ...");
    }
    page.head(status);
    page.problems(status);
    page.lamps();
    page.containers();
    page.buses(status);
    page.links(status);
    page.assetsAndEvents(selected);
    return page.lines.subList(0, Math.min(page.lines.size(), page.rows));
  }

  private void head(StatusView status) {
    String name =
        status.name().isEmpty() ? status.gateway() : status.name() + "  " + status.gateway();
    String right = Lines.time(status.clock().utc()).strip() + "  up " + Units.span(status.upMs());
    put(spread(name, right, columns), glyphs::bold);
  }

  private void problems(StatusView status) {
    if (status.problems().isEmpty()) {
      put("No problems.", glyphs::green);
      return;
    }
    int shown = rows >= 30 ? 4 : 2;
    for (ProblemView problem : status.problems().stream().limit(shown).toList()) {
      String span = problem.forMs() == null ? "" : ", for " + Units.span(problem.forMs());
      put("! " + problem.where() + ": " + problem.what() + span, glyphs::red);
      if (rows >= 30 && !problem.next().isEmpty()) {
        put("    " + problem.next(), UnaryOperator.identity());
      }
    }
    int more = status.problems().size() - shown;
    if (more > 0) {
      put("! and " + more + " more: verge status", glyphs::red);
    }
  }

  /** A lamp a character, as they stand along the street; two rows if one is too short. */
  private void lamps() {
    List<PointView> lamps = model.having("level");
    if (lamps.isEmpty()) {
      return;
    }
    int room = columns - LABEL - 22;
    int pitch = lamps.size() * 2 <= room ? 2 : 1;
    StringBuilder street = new StringBuilder();
    int lit = 0;
    int silent = 0;
    for (PointView lamp : lamps.subList(0, Math.min(lamps.size(), room / pitch))) {
      street.append(lamp(lamp)).append(" ".repeat(pitch - 1));
    }
    for (PointView lamp : lamps) {
      double level = WatchModel.number(lamp);
      silent += isSilent(lamp) ? 1 : 0;
      lit += level > 0 ? 1 : 0;
    }
    String count = "  " + lit + " of " + lamps.size() + " lit";
    lines.add(
        label("lamps")
            + street
            + count
            + (silent == 0 ? "" : glyphs.red(", " + silent + " silent")));
  }

  private static boolean isSilent(PointView point) {
    return !point.quality().equals("good") && !point.quality().equals("none");
  }

  private String lamp(PointView lamp) {
    double level = WatchModel.number(lamp);
    if (isSilent(lamp)) {
      return glyphs.red(glyphs.lost());
    }
    if (Double.isNaN(level) || level == 0) {
      return glyphs.grey(glyphs.dark());
    }
    return level >= 60 ? glyphs.yellow(glyphs.lit()) : glyphs.yellow(glyphs.dim());
  }

  /** The fullest first, as many bars as fit. */
  private void containers() {
    List<PointView> fills = new ArrayList<>(model.having("fill"));
    if (fills.isEmpty()) {
      return;
    }
    fills.sort(
        Comparator.comparingDouble((PointView p) -> isSilent(p) ? -1e9 : -orZero(p))
            .thenComparing(PointView::asset));
    int width = fills.stream().mapToInt(p -> Text.width(p.asset())).max().orElse(0);
    width = Math.min(width, 14);
    int cell = width + 16;
    int across = Math.max(1, (columns - LABEL) / cell);
    int down = rows >= 30 ? 4 : 2;
    for (int row = 0; row < down && row * across < fills.size(); row++) {
      StringBuilder line = new StringBuilder(label(row == 0 ? "containers" : ""));
      for (PointView fill :
          fills.subList(row * across, Math.min(fills.size(), (row + 1) * across))) {
        line.append(pad(Text.cut(Text.clean(fill.asset()), width), width))
            .append(' ')
            .append(fill(fill))
            .append("  ");
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  private static double orZero(PointView point) {
    double value = WatchModel.number(point);
    return Double.isNaN(value) ? 0 : value;
  }

  private String fill(PointView fill) {
    if (isSilent(fill)) {
      return glyphs.red(pad(Text.cut(Text.clean(fill.quality()), 13), 13));
    }
    double percent = WatchModel.number(fill);
    if (Double.isNaN(percent)) {
      return pad("-", 13);
    }
    String text =
        String.format(Locale.ROOT, "%s %3d%%", glyphs.bar(percent / 100, 8), Math.round(percent));
    return percent >= 85 ? glyphs.red(text) : text;
  }

  /** The worst first. */
  private void buses(StatusView status) {
    List<BusView> buses = new ArrayList<>(status.buses());
    buses.sort(
        Comparator.comparing((BusView bus) -> bus.state().equals("up"))
            .thenComparing(bus -> -bus.silent().size())
            .thenComparing(bus -> -model.errorPercent(bus))
            .thenComparing(bus -> -bus.devices()));
    int shown = Math.min(buses.size(), Math.max(3, (rows - 18) / 3));
    put("BUS             STATE  LOAD           ERRORS  SILENT  DEVICES", glyphs::grey);
    for (BusView bus : buses.subList(0, shown)) {
      boolean up = bus.state().equals("up");
      put(
          String.format(
              Locale.ROOT,
              "%s %-5s  %s %3d%%  %5.1f%%  %6d  %7d  %s",
              pad(Text.cut(Text.clean(bus.name()), 15), 15),
              bus.state(),
              glyphs.bar(bus.loadPercent() / 100.0, 8),
              bus.loadPercent(),
              model.errorPercent(bus),
              bus.silent().size(),
              bus.devices(),
              bus.why()),
          up && bus.silent().isEmpty() ? UnaryOperator.identity() : glyphs::red);
    }
    if (shown < buses.size()) {
      put("  and " + (buses.size() - shown) + " more buses, none of them worse", glyphs::grey);
    }
  }

  private void links(StatusView status) {
    for (UplinkView uplink : status.uplinks()) {
      put(
          pad("uplink", LABEL)
              + uplink.name()
              + " "
              + uplink.state()
              + " "
              + Units.span(uplink.stateMs())
              + ", last ack "
              + Lines.ago(uplink.lastAckMs())
              + ", "
              + uplink.inFlight()
              + " in flight"
              + (uplink.why().isEmpty() ? "" : ": " + uplink.why()),
          uplink.isWell() ? UnaryOperator.identity() : glyphs::red);
    }
    long unsealed = 0;
    long unacked = 0;
    for (LaneView lane : status.buffer().lanes()) {
      unsealed += lane.journalReadings();
      unacked += lane.unackedBatches();
    }
    double share = (double) status.buffer().bytes() / Math.max(1, status.buffer().limitBytes());
    put(
        pad("buffer", LABEL)
            + glyphs.bar(share, 8)
            + " "
            + Units.bytes(status.buffer().bytes())
            + " of "
            + Units.bytes(status.buffer().limitBytes())
            + ", "
            + unsealed
            + " readings unsealed, "
            + unacked
            + " batches unacked",
        UnaryOperator.identity());
  }

  private void assetsAndEvents(String selected) {
    int events = Math.min(model.events().size(), rows >= 30 ? 6 : 2);
    int room = Math.max(3, rows - lines.size() - events - 2);
    List<String> assets = model.assets();
    int at = Math.max(0, assets.indexOf(selected));
    int from = Math.max(0, Math.min(at - room / 2, assets.size() - room));
    put(
        "ASSET            "
            + (from + 1)
            + "-"
            + Math.min(assets.size(), from + room)
            + " of "
            + assets.size(),
        glyphs::grey);
    for (String asset : assets.subList(from, Math.min(assets.size(), from + room))) {
      asset(asset, asset.equals(selected));
    }
    for (EventView event :
        model.events().subList(model.events().size() - events, model.events().size())) {
      put(Lines.event(event), glyphs::grey);
    }
    while (lines.size() < rows - 1) {
      lines.add("");
    }
    put("up/down choose   enter open   q quit", glyphs::inverse);
  }

  /** Its values, and how the first of them went. */
  private void asset(String asset, boolean selected) {
    List<PointView> points = model.points(asset);
    StringBuilder values = new StringBuilder();
    boolean bad = false;
    for (PointView point : points) {
      bad |= isSilent(point);
      if (point.value() != null && values.length() < columns) {
        values
            .append(point.point())
            .append(' ')
            .append(Lines.withUnit(point.value(), point.unit()))
            .append("  ");
      }
    }
    String quality = bad ? points.get(0).quality() + "  " : "";
    String spark =
        points.isEmpty() ? "" : glyphs.spark(model.trail(asset, points.get(0).point()), 12);
    String left = (selected ? "> " : "  ") + pad(Text.cut(Text.clean(asset), 14), 14) + " ";
    int room = columns - Text.width(left) - 14;
    String text =
        left
            + pad(Text.cut(Text.clean(quality + values.toString().stripTrailing()), room), room)
            + "  "
            + spark;
    boolean isBad = bad;
    put(text, line -> selected ? glyphs.inverse(line) : isBad ? glyphs.red(line) : line);
  }

  private String label(String text) {
    return glyphs.grey(pad(text, LABEL));
  }

  private void put(String text, UnaryOperator<String> tint) {
    lines.add(tint.apply(Text.cut(Text.clean(text).stripTrailing(), columns)));
  }

  static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - Text.width(text)));
  }

  /** One text at the left edge, one at the right. */
  static String spread(String left, String right, int columns) {
    int room = columns - Text.width(right) - 2;
    return pad(Text.cut(Text.clean(left), Math.max(1, room)), Math.max(1, room)) + "  " + right;
  }
}
