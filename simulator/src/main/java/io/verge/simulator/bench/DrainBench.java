package io.verge.simulator.bench;

import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.simulator.street.Street;
import io.verge.simulator.world.LiveGateway;
import io.verge.simulator.world.RecordedStreet;
import io.verge.simulator.world.World;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A week's backlog over a slow link in real time: the shipped gateway and its MQTT client, the link
 * emulator, a broker; events and commands beside it.
 */
final class DrainBench {
  private static final long DAY_MS = 86_400_000;
  private static final long COMMIT_MS = 60_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX_BYTES = 64L << 20;

  /** Far beyond any expected end. */
  private static final long PATIENCE_SECONDS = 3600;

  private static final String MARK = "bench.mark";

  /** Of an event's clock: the next is due a second later, give or take. */
  private static final int EVENT_JITTER_MS = 400;

  /**
   * What is measured.
   *
   * @param readings in the backlog, at least.
   * @param bytesPerSecond of the link.
   * @param roundTripMs of the link.
   * @param isKnown whether the gateway had seen the link before the outage.
   * @param commands sent over each link.
   */
  record Wanted(
      long readings, int bytesPerSecond, int roundTripMs, boolean isKnown, int commands) {}

  private final Figures figures;
  private final Wanted wanted;
  private final long seed;
  private final Ticker ticker = new SystemTicker();

  DrainBench(Figures figures, Wanted wanted, long seed) {
    this.figures = figures;
    this.wanted = wanted;
    this.seed = seed;
  }

  void run() throws Exception {
    Path folder = World.folder();
    try {
      long readings = fill(folder);
      drain(folder, readings);
    } finally {
      World.clear(folder);
    }
    Path other = World.folder();
    try {
      loopback(other);
    } finally {
      World.clear(other);
    }
  }

  /** Days of the street, recorded once and made noisy anew each day, in a store without a link. */
  private long fill(Path folder) throws Exception {
    figures.say("filling a store with " + wanted.readings() + " readings");
    RecordedStreet street = RecordedStreet.record(seed, 24);
    Files.createDirectories(folder.resolve("data"));
    try (StoreRig rig =
        new StoreRig(
            folder.resolve("data").resolve("verge.db"), COMMIT_MS, MAX_BYTES, street.catalog())) {
      if (wanted.isKnown()) {
        rig.linkRate(wanted.bytesPerSecond());
      }
      for (int day = 0; rig.sealed() < wanted.readings(); day++) {
        List<Sample> noisy = new MeterNoise(street.catalog(), seed + day).added(street.samples());
        for (List<Sample> minute : minutes(noisy, day)) {
          rig.commit(minute);
        }
      }
      return rig.sealed();
    }
  }

  private static List<List<Sample>> minutes(List<Sample> samples, int day) {
    TreeMap<Long, List<Sample>> minutes = new TreeMap<>();
    for (Sample sample : samples) {
      minutes
          .computeIfAbsent(sample.stamp().utcMs() / COMMIT_MS, unused -> new ArrayList<>())
          .add(later(sample, day * DAY_MS));
    }
    return List.copyOf(minutes.values());
  }

  private static Sample later(Sample sample, long ms) {
    Stamp at = sample.stamp();
    return new Sample(
        sample.device(),
        new Stamp(at.boot(), at.monoMs() + ms, at.utcMs() + ms, at.uncMs()),
        sample.quality(),
        sample.values(),
        sample.pointQuality());
  }

  private static String uplink(int port) {
    return "[store]\nmax_size = \"64MiB\"\n\n[[uplink]]\nname = \"city\"\nurl = \"mqtt://127.0.0.1:"
        + port
        + "\"\nack_timeout = \"60s\"\n";
  }

  private void drain(Path folder, long readings) throws Exception {
    Map<Long, Long> delays = new ConcurrentHashMap<>();
    Map<Long, Long> offered = new ConcurrentHashMap<>();
    Outcomes outcomes = new Outcomes();
    Arrivals city =
        new Arrivals(
            event -> {
              if (event.kind().equals(MARK) && event.details().get("n") instanceof Number n) {
                delays.put(
                    n.longValue(), System.nanoTime() - offered.getOrDefault(n.longValue(), 0L));
              }
              outcomes.heard(event);
            });
    try (Broker broker = new Broker(BrokerSettings.plain(0)).start();
        LinkEmulator link =
            new LinkEmulator(
                new LinkSettings(
                    0,
                    new InetSocketAddress("127.0.0.1", broker.port()),
                    wanted.roundTripMs() / 2,
                    wanted.bytesPerSecond()))) {
      MqttFront front = MqttFront.on(broker, city);
      figures.say(
          String.format(
              Locale.ROOT,
              "draining over %d bytes/s, round trip %d ms",
              wanted.bytesPerSecond(),
              wanted.roundTripMs()));
      try (LiveGateway live = new LiveGateway(seed, folder, uplink(link.port()), 1, null)) {
        long last = live.gateway().store().view().lanes().get(Lane.TELEMETRY.number()).next() - 1;
        until(() -> city.mark(Lane.TELEMETRY) > 0, "the first batch");
        long begin = ticker.nanos();
        long upBefore = link.bytesUp();
        long firstMark = city.mark(Lane.TELEMETRY);
        Random random = new Random(seed);
        long n = 0;
        long due = begin;
        while (city.mark(Lane.TELEMETRY) < last) {
          check(begin, "the end of the backlog");
          ticker.sleepUntil(due);
          event(live, ++n, offered);
          due += SECOND + (random.nextInt(2 * EVENT_JITTER_MS) - EVENT_JITTER_MS) * 1_000_000L;
        }
        long upAfter = link.bytesUp();
        long marks = n;
        until(() -> delays.size() == marks, "the last event");
        double seconds = (city.atNanos(Lane.TELEMETRY, last) - begin) / (double) SECOND;
        long payload = city.bytes(Lane.TELEMETRY, last) - city.bytes(Lane.TELEMETRY, firstMark);
        put("drain_seconds", seconds, "s", readings);
        double withHeaders = link.wireBytesUp() / (double) link.bytesUp();
        put(
            "drain_line_share",
            (upAfter - upBefore) * withHeaders / (seconds * wanted.bytesPerSecond()),
            "share",
            readings);
        put(
            "drain_payload_share",
            payload / (seconds * wanted.bytesPerSecond()),
            "share",
            readings);
        put("drain_batch_bytes", city.bytes(Lane.TELEMETRY, last) / (double) last, "B", last);
        long decoded = city.readings(Lane.TELEMETRY, last);
        put("drain_readings", decoded, "readings", last);
        put(
            "drain_payload",
            city.bytes(Lane.TELEMETRY, last) / (double) decoded,
            "B/reading",
            decoded);
        if (decoded != readings) {
          throw new IllegalStateException(decoded + " readings came of " + readings);
        }
        quantiles("event", "", List.copyOf(delays.values()), "s", 1e9);
        commands(live, front, outcomes, "_link");
      }
    }
  }

  private void loopback(Path folder) throws Exception {
    Outcomes outcomes = new Outcomes();
    Arrivals city = new Arrivals(outcomes::heard);
    try (Broker broker = new Broker(BrokerSettings.plain(0)).start()) {
      MqttFront front = MqttFront.on(broker, city);
      try (LiveGateway live = new LiveGateway(seed, folder, uplink(broker.port()), 1, null)) {
        until(() -> city.helloNanos() > 0, "the hello");
        commands(live, front, outcomes, "_loopback");
      }
    }
  }

  /** Times of commands, until their lamp does it and until their outcome is at the back end. */
  private void commands(LiveGateway live, MqttFront front, Outcomes outcomes, String where)
      throws Exception {
    List<Long> toBus = new ArrayList<>();
    List<Long> toOutcome = new ArrayList<>();
    int lamps = live.street().levels().length;
    for (int i = 0; i < wanted.commands(); i++) {
      int lamp = i % lamps;
      int level = 20 + (i * 7 + i / lamps * 13) % 70;
      if (live.street().levels()[lamp] == level) {
        level++;
      }
      String id = "bench" + where + "-" + i;
      long sent = System.nanoTime();
      front.command(
          Street.GATEWAY,
          new Command(
              id,
              String.format(Locale.ROOT, "lamp-%02d", lamp + 1),
              "set-level",
              Map.of("level", (long) level),
              System.currentTimeMillis(),
              0,
              "backend"));
      while (live.street().levels()[lamp] != level) {
        check(sent, "lamp " + (lamp + 1) + " at " + level);
        ticker.sleepUntil(ticker.nanos() + 1_000_000);
      }
      toBus.add(System.nanoTime() - sent);
      until(() -> outcomes.atNanos(id) > 0, "the outcome of " + id);
      toOutcome.add(outcomes.atNanos(id) - sent);
    }
    quantiles("command_bus", where, toBus, "ms", 1e6);
    quantiles("command_outcome", where, toOutcome, "ms", 1e6);
  }

  private void event(LiveGateway live, long n, Map<Long, Long> offered) {
    offered.put(n, System.nanoTime());
    if (!live.event(MARK, Map.of("n", n))) {
      throw new IllegalStateException("the store refuses an event");
    }
  }

  private void quantiles(String figure, String where, List<Long> nanos, String unit, double per) {
    long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
    for (int percent : new int[] {50, 99}) {
      int at = Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * percent / 100.0) - 1);
      put(figure + "_p" + percent + "_" + unit + where, sorted[at] / per, unit, sorted.length);
    }
    put(figure + "_max_" + unit + where, sorted[sorted.length - 1] / per, unit, sorted.length);
  }

  private void put(String figure, double value, String unit, long n) {
    figures.put(figure, value, unit, Figures.VERGE, n, 1);
  }

  private interface Reached {
    boolean isSo();
  }

  private void until(Reached reached, String what) {
    long begin = ticker.nanos();
    while (!reached.isSo()) {
      check(begin, what);
      ticker.sleepUntil(ticker.nanos() + 2_000_000);
    }
  }

  private static void check(long beginNanos, String what) {
    if (System.nanoTime() - beginNanos > PATIENCE_SECONDS * SECOND) {
      throw new IllegalStateException(what + " did not come within " + PATIENCE_SECONDS + " s");
    }
  }

  /** When the last word on each command came. */
  private static final class Outcomes {
    private final Map<String, Long> at = new ConcurrentHashMap<>();

    void heard(Event event) {
      if (event.details().get("id") instanceof String id && event.kind().equals("command.done")) {
        at.putIfAbsent(id, System.nanoTime());
      }
    }

    long atNanos(String id) {
      return at.getOrDefault(id, 0L);
    }
  }
}
