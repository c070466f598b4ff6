package io.verge.simulator.demo;

import com.google.gson.Gson;
import io.verge.runtime.Found;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.fleet.Fleet;
import io.verge.simulator.world.RecordedStreet;
import io.verge.store.StoreException;
import io.verge.time.Ticker;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge simulate fleet}. */
@CommandLine.Command(
    name = "fleet",
    description =
        "Very many gateways in one process, for sizing a broker and a back end: real sessions over"
            + " MQTT, each telling the standard street. Exit code 1 unless all was acked.",
    footer = {
      "",
      "Example: verge simulate fleet --gateways 1000 --broker mqtt://127.0.0.1:1883 --seconds 300"
    },
    mixinStandardHelpOptions = true)
final class SimulateFleetCommand implements Callable<Integer> {
  private static final int RECORDED_HOURS = 1;
  private static final int REPORT_SECONDS = 10;
  private static final long SECOND = 1_000_000_000L;
  private static final int GATEWAYS_MAX = 20_000;

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--gateways", defaultValue = "1000", description = "how many (default: 1000)")
  private int gateways;

  @Option(
      names = "--first",
      defaultValue = "1",
      description = "number of the first: gw-00001 (default: 1)")
  private int first;

  @Option(
      names = "--broker",
      required = true,
      description =
          "mqtt://HOST:PORT; given again: further ones, shared out, and tried when one fails")
  private List<URI> brokers = List.of();

  @Option(
      names = "--every",
      defaultValue = "300",
      description = "seconds between a gateway's batches (default: 300)")
  private int every;

  @Option(names = "--ramp", defaultValue = "10", description = "seconds over which they connect")
  private int ramp;

  @Option(
      names = "--ack-timeout",
      defaultValue = "60",
      description = "seconds without an ack after which a gateway connects anew (default: 60)")
  private int ackTimeout;

  @Option(names = "--seconds", defaultValue = "300", description = "how long (default: 300)")
  private int seconds;

  @Option(
      names = "--password-file",
      description = "of all gateways, each with its id as user; none: they do not sign in")
  private @Nullable Path passwordFile;

  @Option(names = "--seed", defaultValue = "1", description = "of the street and of the gateways")
  private long seed;

  @Option(names = "--json", description = "the figures at the end as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException, StoreException, LedgerException, InterruptedException {
    check();
    Path file = passwordFile;
    String password = file == null ? "" : Tls.secret(file);
    say("an hour of the standard street is acquired, seed " + seed);
    RecordedStreet street = RecordedStreet.record(seed, RECORDED_HOURS);
    Ticker ticker = Found.ticker();
    Fleet.Settings settings =
        new Fleet.Settings(
            gateways,
            first,
            brokers,
            every * 1000L,
            ramp * 1000L,
            ackTimeout * 1000L,
            password,
            seed);
    try (Fleet fleet = new Fleet(settings, street, ticker)) {
      return run(fleet, ticker);
    }
  }

  private int run(Fleet fleet, Ticker ticker) {
    long begin = ticker.nanos();
    double busyBefore = cpuSeconds();
    double[] worst = new double[2];
    long connectedAfter = -1;
    for (int at = 0; at < seconds; ) {
      at = Math.min(seconds, at + REPORT_SECONDS);
      fleet.runUntil(begin + at * SECOND, true);
      Fleet.Now now = fleet.look();
      worst(worst, now);
      connectedAfter = connectedAfter < 0 && now.connected() == gateways ? at : connectedAfter;
      tell(at, now, fleet.trouble());
    }
    double cpu = (cpuSeconds() - busyBefore) / seconds;
    Fleet.Now end = fleet.look();
    for (int more = 0; more < 2 * ackTimeout && end.unacked() > 0; more++) {
      fleet.runUntil(ticker.nanos() + SECOND, false);
      Fleet.Now now = fleet.look();
      worst(worst, now);
      end = now;
    }
    Map<String, Object> figures = figures(end, cpu, worst, connectedAfter);
    if (json) {
      System.out.println(new Gson().toJson(figures));
    } else {
      figures.forEach((name, value) -> System.out.printf(Locale.ROOT, "%-24s %s%n", name, value));
    }
    boolean isWell = end.unacked() == 0 && end.skipped() == 0 && connectedAfter >= 0;
    if (!isWell) {
      String trouble = fleet.trouble();
      say(
          end.unacked()
              + " batches not acked, "
              + end.skipped()
              + " skipped, "
              + end.connected()
              + " of "
              + gateways
              + " connected"
              + (trouble == null ? "" : "; " + trouble));
    }
    return isWell ? 0 : 1;
  }

  private static void worst(double[] worst, Fleet.Now now) {
    if (!Double.isNaN(now.p50Ms())) {
      worst[0] = Math.max(worst[0], now.p50Ms());
      worst[1] = Math.max(worst[1], now.p99Ms());
    }
  }

  private Map<String, Object> figures(
      Fleet.Now end, double cpu, double[] worst, long connectedAfter) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("gateways", gateways);
    figures.put("seconds", seconds);
    figures.put("connected_within_s", connectedAfter);
    figures.put("batches_acked", end.acked());
    figures.put("batches_unacked", end.unacked());
    figures.put("readings_acked", end.readings());
    figures.put("readings_a_second", Math.round(end.readings() / (double) seconds));
    figures.put("payload_bytes", end.payloadBytes());
    figures.put("sent_bytes", end.sentBytes());
    figures.put("received_bytes", end.receivedBytes());
    figures.put(
        "socket_bytes_a_reading",
        Math.round(1000.0 * (end.sentBytes() + end.receivedBytes()) / Math.max(1, end.readings()))
            / 1000.0);
    figures.put("worst_median_ack_ms", Math.round(worst[0] * 10) / 10.0);
    figures.put("worst_p99_ack_ms", Math.round(worst[1] * 10) / 10.0);
    figures.put("processors_used", Math.round(cpu * 100) / 100.0);
    return figures;
  }

  private void tell(int at, Fleet.Now now, @Nullable String trouble) {
    System.err.printf(
        Locale.ROOT,
        "verge: %d s, %d connected, %d batches acked, %d to go, ack after %.0f ms (p99 %.0f)%s%n",
        at,
        now.connected(),
        now.acked(),
        now.unacked(),
        now.p50Ms(),
        now.p99Ms(),
        trouble == null ? "" : "; " + trouble);
  }

  private static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : 0;
  }

  private static void say(String what) {
    System.err.println("verge: " + what);
  }

  private void check() {
    if (gateways < 1 || gateways > GATEWAYS_MAX || first < 0 || first + gateways > 100_000) {
      throw wrong("--gateways " + gateways + " --first " + first + ": 1.." + GATEWAYS_MAX);
    }
    if (every < 10 || seconds < 1 || ramp < 0 || ackTimeout < 1) {
      throw wrong("--every 10 or more, --seconds and --ack-timeout 1 or more, --ramp 0 or more");
    }
    for (URI broker : brokers) {
      if (!"mqtt".equals(broker.getScheme()) || broker.getHost() == null) {
        throw wrong("--broker " + broker + ": expected for example mqtt://127.0.0.1:1883");
      }
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), what);
  }
}
