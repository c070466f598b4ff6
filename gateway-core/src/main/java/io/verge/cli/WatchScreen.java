package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.driver.FrameDecoder;
import io.verge.local.BusView;
import io.verge.local.EventView;
import io.verge.local.FrameView;
import io.verge.local.HistoryView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.PointView;
import io.verge.local.SampleView;
import io.verge.local.StatusView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The watch on a terminal: asks, draws, waits for a key, for as long as somebody looks. */
final class WatchScreen {
  private static final int EVENTS = 40;
  private static final long PAST_MS = 6L * 3_600_000;
  private static final String ESCAPE = "\u001b";
  private static final String CTRL_C = "\u0003";

  private final LocalClient client;
  private final RawTerminal terminal;
  private final Glyphs glyphs;
  private final List<FrameDecoder> decoders;
  private final WatchModel model = new WatchModel();
  private String selected = "";
  private boolean open;
  private String said = "";

  WatchScreen(
      LocalClient client, RawTerminal terminal, Glyphs glyphs, List<FrameDecoder> decoders) {
    this.client = client;
    this.terminal = terminal;
    this.glyphs = glyphs;
    this.decoders = List.copyOf(decoders);
  }

  /** Returns when somebody pressed q. */
  void show() throws IOException, Unreachable, Refused {
    boolean goesOn = true;
    while (goesOn) {
      look();
      RawTerminal.Size size = terminal.size();
      terminal.draw(
          open
              ? AssetPage.draw(model, glyphs, size, selected, decoders, said)
              : WatchPage.draw(model, glyphs, size, selected),
          size);
      for (String key : keys(terminal.keys())) {
        goesOn &= react(key);
      }
    }
  }

  private void look() throws Unreachable, Refused {
    StatusView status =
        client.view(
            client.ask("status", new JsonObject(), LocalClient.ANSWER_MS), StatusView.class);
    List<PointView> points = all("points", new JsonObject(), PointView.class);
    JsonObject args = new JsonObject();
    args.addProperty("most", EVENTS);
    model.look(status, points, all("events", args, EventView.class));
    if (model.points(selected).isEmpty() && !points.isEmpty()) {
      selected = points.get(0).asset();
    }
    if (open) {
      frames();
    }
  }

  private <T extends Record> List<T> all(String word, JsonObject args, Class<T> type)
      throws Unreachable, Refused {
    List<T> items = new ArrayList<>();
    client.views(word, args, LocalClient.ANSWER_MS, type, (item, raw) -> items.add(item));
    return items;
  }

  private void frames() throws Unreachable, Refused {
    BusView bus = model.busOf(selected);
    if (bus != null) {
      JsonObject args = new JsonObject();
      args.addProperty("bus", bus.name());
      args.addProperty("once", true);
      model.frames(all("trace", args, FrameView.class));
    }
  }

  /** The past of each point, so that a trend is there at once. */
  private void past() throws Unreachable, Refused {
    for (PointView point : model.points(selected)) {
      JsonObject args = new JsonObject();
      args.addProperty("target", selected + "/" + point.point());
      args.addProperty("since_ms", PAST_MS);
      List<HistoryView> readings = all("history", args, HistoryView.class);
      List<Double> values = new ArrayList<>();
      readings.stream()
          .sorted(
              (a, b) ->
                  Long.compare(
                      b.ageMs() == null ? Long.MAX_VALUE : b.ageMs(),
                      a.ageMs() == null ? Long.MAX_VALUE : a.ageMs()))
          .forEach(r -> values.add(value(r)));
      model.past(selected, point.point(), values);
    }
  }

  private static double value(HistoryView reading) {
    try {
      return reading.value() == null || !reading.quality().equals("good")
          ? Double.NaN
          : Double.parseDouble(reading.value());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Key by key: somebody types faster than we ask. */
  static List<String> keys(String typed) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < typed.length(); ) {
      int end = i + 1;
      if (typed.startsWith("\u001b[", i) || typed.startsWith("\u001bO", i)) {
        end = i + 2;
        while (end < typed.length() && !(typed.charAt(end) >= '@' && typed.charAt(end) <= '~')) {
          end++;
        }
        end = Math.min(typed.length(), end + 1);
      }
      keys.add(typed.substring(i, end));
      i = end;
    }
    return keys;
  }

  private boolean react(String keys) throws Unreachable, Refused {
    switch (keys) {
      case "q", CTRL_C -> {
        return false;
      }
      case ESCAPE, "\u007f", "\b" -> open = false;
      case "\r", "\n" -> {
        open = true;
        said = "";
        model.frames(List.of());
        past();
      }
      case "r" -> read();
      case "j", "\u001b[B", "\u001bOB" -> move(open ? 0 : 1);
      case "k", "\u001b[A", "\u001bOA" -> move(open ? 0 : -1);
      case "l", "\u001b[C", "\u001bOC" -> move(open ? 1 : 0);
      case "h", "\u001b[D", "\u001bOD" -> move(open ? -1 : 0);
      case "\u001b[6~" -> move(open ? 0 : 10);
      case "\u001b[5~" -> move(open ? 0 : -10);
      default -> {}
    }
    return true;
  }

  private void read() throws Unreachable {
    if (!open) {
      return;
    }
    JsonObject args = new JsonObject();
    args.addProperty("target", selected);
    try {
      SampleView sample =
          client.view(client.ask("read", args, LocalClient.FIELD_MS), SampleView.class);
      said = "read: " + sample.quality();
    } catch (Refused e) {
      said = String.valueOf(e.getMessage());
    }
  }

  private void move(int by) throws Unreachable, Refused {
    List<String> assets = model.assets();
    if (by == 0 || assets.isEmpty()) {
      return;
    }
    int at = Math.max(0, assets.indexOf(selected)) + by;
    selected = assets.get(Math.max(0, Math.min(assets.size() - 1, at)));
    if (open) {
      said = "";
      past();
    }
  }
}
