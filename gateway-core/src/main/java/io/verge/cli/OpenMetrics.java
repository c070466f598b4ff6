package io.verge.cli;

import io.verge.local.BusView;
import io.verge.local.LaneView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A status in the text of OpenMetrics 1.0: base units, counters with {@code _total}, an end. */
public final class OpenMetrics {
  private final List<String> lines = new ArrayList<>();

  private OpenMetrics() {}

  /** Its lines, without line ends. */
  public static List<String> of(StatusView status) {
    OpenMetrics text = new OpenMetrics();
    text.gateway(status);
    text.buses(status.buses());
    text.store(status);
    text.uplinks(status.uplinks());
    text.lines.add("# EOF");
    return text.lines;
  }

  private void gateway(StatusView status) {
    head("verge", "info", "which gateway this is");
    lines.add(
        "verge_info{gateway=\""
            + escaped(status.gateway())
            + "\",version=\""
            + escaped(status.version())
            + "\"} 1");
    gauge("verge_up_seconds", "time since the start", seconds(status.upMs()));
    gauge("verge_ready", "1: every bus was tried", status.ready() ? "1" : "0");
    gauge("verge_problems", "what is wrong now", String.valueOf(status.problems().size()));
    gauge("verge_clock_trusted", "1: the time is known", status.clock().trusted() ? "1" : "0");
  }

  private void buses(List<BusView> buses) {
    Function<BusView, String> bus = BusView::name;
    each("verge_bus_up", "gauge", "1: the port is open", "bus", buses, bus, OpenMetrics::isUp);
    each("verge_bus_devices", "gauge", "devices on it", "bus", buses, bus, BusView::devices);
    each(
        "verge_bus_silent_devices",
        "gauge",
        "devices that do not answer",
        "bus",
        buses,
        bus,
        view -> view.silent().size());
    each("verge_bus_polls", "counter", "polls since the start", "bus", buses, bus, BusView::polls);
    each(
        "verge_bus_failed_polls",
        "counter",
        "polls whose sample was not good",
        "bus",
        buses,
        bus,
        BusView::failedPolls);
  }

  private void store(StatusView status) {
    gauge("verge_store_bytes", "on disk", String.valueOf(status.buffer().bytes()));
    gauge("verge_store_limit_bytes", "its most", String.valueOf(status.buffer().limitBytes()));
    gauge("verge_disk_free_bytes", "of its disk", String.valueOf(status.buffer().freeBytes()));
    List<LaneView> lanes = status.buffer().lanes();
    Function<LaneView, String> lane = LaneView::lane;
    each(
        "verge_unsealed_readings",
        "gauge",
        "committed, in no batch yet",
        "lane",
        lanes,
        lane,
        LaneView::journalReadings);
    each(
        "verge_unacked_batches",
        "gauge",
        "still to be delivered",
        "lane",
        lanes,
        lane,
        LaneView::unackedBatches);
    each(
        "verge_lost_readings",
        "counter",
        "given up and declared",
        "lane",
        lanes,
        lane,
        LaneView::lostReadings);
  }

  private void uplinks(List<UplinkView> uplinks) {
    Function<UplinkView, String> name = UplinkView::name;
    each(
        "verge_uplink_up",
        "gauge",
        "1: it delivers",
        "uplink",
        uplinks,
        name,
        view -> view.isWell() ? 1 : 0);
    each(
        "verge_uplink_unacked_in_flight",
        "gauge",
        "batches sent and not acked",
        "uplink",
        uplinks,
        name,
        UplinkView::inFlight);
    each(
        "verge_uplink_month_bytes",
        "gauge",
        "at the socket, both directions, this month of the data plan",
        "uplink",
        uplinks,
        name,
        UplinkView::monthBytes);
  }

  private static long isUp(BusView bus) {
    return bus.state().equals("up") ? 1 : 0;
  }

  private void gauge(String name, String help, String value) {
    head(name, "gauge", help);
    lines.add(name + " " + value);
  }

  private <T> void each(
      String name,
      String type,
      String help,
      String label,
      List<T> views,
      Function<T, String> labelled,
      ToLongFunction<T> value) {
    head(name, type, help);
    String sample = type.equals("counter") ? name + "_total" : name;
    for (T view : views) {
      lines.add(
          sample
              + "{"
              + label
              + "=\""
              + escaped(labelled.apply(view))
              + "\"} "
              + value.applyAsLong(view));
    }
  }

  private void head(String name, String type, String help) {
    lines.add("# TYPE " + name + " " + type);
    lines.add("# HELP " + name + " " + help);
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).toPlainString();
  }

  private static String escaped(String label) {
    return label.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
  }
}
