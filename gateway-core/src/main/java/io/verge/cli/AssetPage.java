package io.verge.cli;

import io.verge.driver.FrameDecoder;
import io.verge.local.BusView;
import io.verge.local.EventView;
import io.verge.local.FrameView;
import io.verge.local.PointView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws one asset: its points with their past, the frames of its bus, its events. Pure. */
final class AssetPage {
  private AssetPage() {}

  /**
   * @param said what the last key did; may be empty.
   */
  static List<String> draw(
      WatchModel model,
      Glyphs glyphs,
      RawTerminal.Size size,
      String asset,
      List<FrameDecoder> decoders,
      String said) {
    int columns = size.columns();
    List<String> lines = new ArrayList<>();
    BusView bus = model.busOf(asset);
    String where =
        bus == null
            ? ""
            : String.format(
                Locale.ROOT,
                "bus %s %s, errors %.1f%%",
                bus.name(),
                bus.state(),
                model.errorPercent(bus));
    lines.add(glyphs.bold(WatchPage.spread(asset, where, columns)));
    lines.add(
        glyphs.grey(Text.cut("POINT                 VALUE        QUALITY    AGE  TREND", columns)));
    List<PointView> points = model.points(asset);
    int shown = Math.min(points.size(), Math.max(3, size.rows() / 2 - 3));
    for (PointView point : points.subList(0, shown)) {
      String text =
          String.format(
              Locale.ROOT,
              "%s %15s  %-8s  %6s  %s",
              WatchPage.pad(Text.cut(Text.clean(point.point()), 17), 17),
              Text.clean(Lines.withUnit(point.value(), point.unit())),
              Text.clean(point.quality()),
              Units.spanOrDash(point.ageMs()),
              glyphs.spark(model.trail(asset, point.point()), Math.max(8, columns - 56)));
      String cut = Text.cut(text.stripTrailing(), columns);
      lines.add(point.quality().equals("good") ? cut : glyphs.red(cut));
    }
    if (shown < points.size()) {
      lines.add(
          glyphs.grey(
              "  and " + (points.size() - shown) + " more: verge points " + Text.clean(asset)));
    }
    List<EventView> events =
        model.events().stream().filter(event -> asset.equals(event.asset())).toList();
    int tail = Math.min(2, events.size());
    frames(lines, model, glyphs, size.rows() - lines.size() - tail - 2, columns, decoders);
    for (EventView event : events.subList(events.size() - tail, events.size())) {
      lines.add(glyphs.grey(Text.cut(Text.clean(Lines.event(event)), columns)));
    }
    while (lines.size() < size.rows() - 1) {
      lines.add("");
    }
    String keys =
        "r read now   left/right next   esc back   q quit" + (said.isEmpty() ? "" : "   " + said);
    lines.add(glyphs.inverse(Text.cut(Text.clean(keys), columns)));
    return lines.subList(0, Math.min(lines.size(), size.rows()));
  }

  private static void frames(
      List<String> lines,
      WatchModel model,
      Glyphs glyphs,
      int room,
      int columns,
      List<FrameDecoder> decoders) {
    List<FrameView> frames = model.frames();
    lines.add(
        glyphs.grey(
            Text.cut(
                frames.isEmpty()
                    ? "FRAMES  none: the bus has no bytes, or nothing passed yet"
                    : "FRAMES of the bus, the latest last",
                columns)));
    int shown = Math.max(0, Math.min(room, frames.size()));
    for (FrameView frame : frames.subList(frames.size() - shown, frames.size())) {
      lines.add(
          Text.cut(
              Text.clean(TraceCommand.line(frame, TraceCommand.meaning(frame, decoders))),
              columns));
    }
  }
}
