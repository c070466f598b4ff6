package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.simulator.world.World;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.Clk;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What batches cost on the wire, with everything around them, and what silence costs. */
final class WireCosts {
  private static final String READING = "B/reading";
  private static final int PING_MS = 5000;
  private static final int DAY_SECONDS = 86_400;
  private static final int HOURS = 24;
  private static final int DAYS = 30;
  private static final double MEGABYTE = 1e6;
  private static final long BEGIN_UTC_MS = 1_790_000_000_000L;

  /** Pauses of a street that sends telemetry every five minutes. */
  private static final int PAUSE_SECONDS = 300;

  /** Where learning begins, and what it reaches where the network lets it: the defaults. */
  private static final int KEEP_ALIVE_FIRST_SECONDS = 60;

  private static final int KEEP_ALIVE_SECONDS = 1200;

  private final Figures figures;
  private final int hours;

  WireCosts(Figures figures, int hours) {
    this.figures = figures;
    this.hours = hours;
  }

  /**
   * @param n readings of the minutes, and of the fives.
   * @param inBacklog readings of the backlog.
   */
  void run(
      List<byte[]> minutes,
      List<byte[]> fives,
      List<byte[]> backlog,
      List<byte[]> meters,
      long n,
      long inBacklog)
      throws Exception {
    Path folder = World.folder();
    try (OnTheWire wire = new OnTheWire(folder, PING_MS)) {
      put("tls_1m", wire.send(minutes) / (double) n, READING, n);
      long five = wire.send(fives);
      put("tls_5m", five / (double) n, READING, n);
      put("tls_backlog", wire.send(backlog) / (double) inBacklog, READING, inBacklog);
      double share = (double) HOURS / hours;
      double day = (five + wire.send(meters)) * share + HOURS * wire.send(List.of(event()));
      put("handshake_bytes", wire.handshakeBytes(), "B", 1);
      long ping = wire.ping();
      put("ping_bytes", ping, "B", 1);
      put("idle_bytes_day", idle(ping, KEEP_ALIVE_SECONDS), "B", 1);
      put("idle_bytes_day_1m", idle(ping, KEEP_ALIVE_FIRST_SECONDS), "B", 1);
      double rest = day + wire.handshakeBytes();
      put("month_mb", month(rest, ping, KEEP_ALIVE_SECONDS), "MB", n);
      put("month_mb_1m", month(rest, ping, KEEP_ALIVE_FIRST_SECONDS), "MB", n);
    } finally {
      World.clear(folder);
    }
  }

  /** Batches only, under names that end so. */
  void batches(
      String suffix,
      List<byte[]> minutes,
      List<byte[]> fives,
      List<byte[]> backlog,
      long n,
      long inBacklog)
      throws Exception {
    Path folder = World.folder();
    try (OnTheWire wire = new OnTheWire(folder, PING_MS)) {
      put("tls_1m" + suffix, wire.send(minutes) / (double) n, READING, n);
      put("tls_5m" + suffix, wire.send(fives) / (double) n, READING, n);
      put("tls_backlog" + suffix, wire.send(backlog) / (double) inBacklog, READING, inBacklog);
    } finally {
      World.clear(folder);
    }
  }

  private static double idle(long ping, int keepAliveSeconds) {
    return (double) ping * DAY_SECONDS / keepAliveSeconds;
  }

  private static double month(double day, long ping, int keepAliveSeconds) {
    long pings = (PAUSE_SECONDS - 1L) / keepAliveSeconds * (DAY_SECONDS / PAUSE_SECONDS);
    return DAYS * (day + pings * ping) / MEGABYTE;
  }

  private static byte[] event() {
    Catalog catalog = new Catalog(1, List.of(), List.of());
    Event event =
        new Event(
            new Stamp(77, 0, BEGIN_UTC_MS, 20),
            "command.done",
            Severity.NOTICE,
            Event.NO_DEVICE,
            Map.of("id", "c-20260101-0001", "target", "lamp-17", "op", "set-level"));
    return BatchCodec.encode(
        new Batch(
            1,
            Lane.EVENT,
            1,
            1,
            1,
            new Clk(false, 20, 77),
            1,
            List.of(),
            List.of(event),
            List.of()),
        catalog);
  }

  private void put(String figure, double value, String unit, long n) {
    figures.put(figure, value, unit, Figures.VERGE, n, 1);
  }
}
