package io.verge.simulator.demo;

import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.Report;
import io.verge.simulator.field.FieldBoard;
import io.verge.simulator.field.FieldJudge;
import io.verge.simulator.field.FieldStreet;
import io.verge.simulator.field.HostileLine;
import io.verge.simulator.field.HostileLine.Fault;
import io.verge.simulator.link.LinkEmulator;
import io.verge.simulator.link.LinkSettings;
import io.verge.simulator.pty.LinePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The street of every family in real time, on pseudo-terminals at the speed of its lines, before a
 * gateway in a process of its own; a city over MQTT whose link is silent for a tenth of the time.
 */
final class FieldRun implements AutoCloseable {
  private static final int LATENCY_MS = 40;
  private static final int LINK_BYTES_PER_SECOND = 50_000;
  private static final int END_SECONDS = 120;
  private static final int CLOCK_TICKS = 100;

  /** What packaging/verge gives {@code verge run}. */
  private static final String GATEWAY_HEAP = "-Xmx48m";

  private final FieldStreet street;
  private final Path folder;
  private final PrintStream out;
  private final List<LinePort> ports = new ArrayList<>();
  private final City city;
  private final LinkEmulator link;
  private final Process gateway;
  private final Thread listener;
  private final Map<String, Long> counters = new ConcurrentHashMap<>();
  private final CountDownLatch ready = new CountDownLatch(1);

  /**
   * @param share of answers that are spoilt, 0..1.
   */
  FieldRun(long seed, double share, Path folder, PrintStream out)
      throws IOException, LedgerException {
    this.folder = folder;
    this.out = out;
    this.street = new FieldStreet(seed, share);
    LongConsumer turns = FieldBoard.turns(street.truth());
    for (Map.Entry<String, HostileLine> line : street.lines().entrySet()) {
      ports.add(new LinePort(line.getValue(), folder.resolve(line.getKey())));
    }
    this.city = new City("mqtt", FieldStreet.GATEWAY, folder);
    this.link =
        new LinkEmulator(
            new LinkSettings(
                0,
                new InetSocketAddress("127.0.0.1", city.port()),
                LATENCY_MS,
                LINK_BYTES_PER_SECOND));
    Path config = folder.resolve("gateway.toml");
    Files.writeString(
        config,
        street.configuration(
            (name, options) -> "serial:" + folder.resolve(name) + "?" + options,
            DemoCommand.uplink("mqtt://127.0.0.1:" + link.port(), DemoCommand.HASTEN)));
    this.gateway = start(config, seed);
    this.listener = new Thread(() -> listen(turns), "gateway's words");
    listener.setDaemon(true);
    listener.start();
  }

  /** With the options of this very JVM, those of the launcher, but with the gateway's heap. */
  private Process start(Path config, long seed) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .map(option -> option.startsWith("-Xmx") ? GATEWAY_HEAP : option)
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.verge.runtime.Main"));
    line.addAll(List.of("simulate", "field-gateway", "--config", config.toString()));
    line.addAll(List.of("--data", folder.resolve("data").toString(), "--seed", "" + seed));
    return new ProcessBuilder(line).redirectError(folder.resolve("gateway.log").toFile()).start();
  }

  private void listen(LongConsumer turns) {
    try (BufferedReader words = gateway.inputReader(StandardCharsets.UTF_8)) {
      for (String word = words.readLine(); word != null; word = words.readLine()) {
        String[] parts = word.split(" ", -1);
        switch (parts[0]) {
          case "ready" -> ready.countDown();
          case "turn" -> turns.accept(Long.parseLong(parts[1]));
          case "counter" -> counters.put(parts[1], Long.parseLong(parts[2]));
          default -> out.println("gateway: " + word);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      ready.countDown();
    }
  }

  /**
   * @return 0 only if all is reconciled and nothing wrong was believed.
   */
  int run(int seconds) throws Exception {
    ready.await(END_SECONDS, TimeUnit.SECONDS);
    out.printf(
        Locale.ROOT,
        "%d lines, every fault on; the link is silent from %d s to %d s.%n",
        ports.size(),
        seconds * 4 / 10,
        seconds / 2);
    long offset = System.nanoTime() - System.currentTimeMillis() * 1_000_000;
    long begin = System.nanoTime();
    for (int second = 1; second <= seconds && gateway.isAlive(); second++) {
      TimeUnit.NANOSECONDS.sleep(begin + second * 1_000_000_000L - System.nanoTime());
      link.outage(second >= seconds * 4 / 10 && second < seconds / 2);
      if (second % 60 == 0) {
        out.printf(Locale.ROOT, "%4d s  %s%n", second, usage(seconds(begin)));
      }
    }
    link.outage(false);
    String usage = usage(seconds(begin));
    if (!end()) {
      out.println("The gateway did not end:");
      out.println(Files.readString(folder.resolve("gateway.log")));
      return 1;
    }
    return judge(offset, usage);
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Of the gateway's process. */
  private String usage(double seconds) throws IOException {
    Path proc = Path.of("/proc", Long.toString(gateway.pid()));
    String stat = Files.readString(proc.resolve("stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    double cpu = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / (double) CLOCK_TICKS;
    Map<String, String> sizes = new TreeMap<>();
    for (String line : Files.readAllLines(proc.resolve("status"))) {
      if (line.startsWith("VmRSS:") || line.startsWith("VmHWM:")) {
        sizes.put(line.substring(0, 5), line.replaceAll("[^0-9]", ""));
      }
    }
    return String.format(
        Locale.ROOT,
        "gateway: %.1f s of CPU, its start included, %.1f %% of a core; RSS %d MiB, most %d MiB",
        cpu,
        100 * cpu / seconds,
        Long.parseLong(sizes.getOrDefault("VmRSS", "0")) / 1024,
        Long.parseLong(sizes.getOrDefault("VmHWM", "0")) / 1024);
  }

  private boolean end() throws Exception {
    try (OutputStream in = gateway.getOutputStream()) {
      in.write('\n');
    }
    boolean ended = gateway.waitFor(END_SECONDS, TimeUnit.SECONDS) && gateway.exitValue() == 0;
    listener.join(5_000);
    return ended && counters.containsKey("readings.acquired");
  }

  private int judge(long offset, String usage) throws Exception {
    Report report = city.ledger().report();
    FieldJudge.Verdict verdict =
        FieldJudge.judge(
            folder.resolve("city.db"), street.truth(), utcMs -> utcMs * 1_000_000 + offset);
    out.println();
    out.printf(Locale.ROOT, "%-14s %8s %8s %8s   values%n", "device", "good", "doubtful", "none");
    verdict
        .byAsset()
        .forEach(
            (asset, tally) ->
                out.printf(
                    Locale.ROOT,
                    "%-14s %8d %8d %8d%n",
                    asset,
                    tally.good(),
                    tally.doubtful(),
                    tally.none()));
    Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    street
        .lines()
        .values()
        .forEach(line -> line.counts().forEach((fault, n) -> faults.merge(fault, n, Integer::sum)));
    out.println("faults " + faults);
    int overdue = street.lines().values().stream().mapToInt(HostileLine::overdue).sum();
    if (overdue > 0) {
      out.println(
          overdue + " answers unsaid: the computer was too busy to say them while devices do");
    }
    for (LinePort port : ports) {
      if (port.failure() != null) {
        out.println("a line ended: " + port.failure());
      }
    }
    out.println(report.table());
    long acquired = counters.getOrDefault("readings.acquired", -1L);
    long declared = report.rows().stream().mapToLong(Report.Row::declared).sum();
    out.println(usage);
    verdict.named().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "acquired %d, stored %d, samples declared lost %d; good values judged %d, wrong %d%n",
        acquired,
        report.totalReadings(),
        declared,
        verdict.judged(),
        verdict.wrong());
    boolean reconciled =
        report.isWhole() && declared == 0 && acquired == report.totalReadings() && acquired > 0;
    boolean whole = ports.stream().allMatch(port -> port.failure() == null);
    boolean good = reconciled && whole && verdict.wrong() == 0;
    out.println(good ? "reconciled, and nothing wrong was believed" : "NOT good: see above");
    return good ? 0 : 1;
  }

  @Override
  public void close() throws Exception {
    gateway.destroyForcibly();
    link.close();
    city.close();
    for (LinePort port : ports) {
      port.close();
    }
  }
}
