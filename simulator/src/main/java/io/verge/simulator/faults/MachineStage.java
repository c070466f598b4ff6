package io.verge.simulator.faults;

import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.device.LampController;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.Sdm120;
import io.verge.simulator.wire.TcpWire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Power cuts of a whole machine: kernel, file system, the gateway as it ships. Its disk is a {@link
 * VolatileDisk} on this computer, so a cut takes what the guest had not flushed; lamps and back end
 * are on this computer and go on. After every cut the gateway's own numbers must be at least what
 * it had told, and the city may hold nothing above them.
 */
final class MachineStage {
  /**
   * What to cut.
   *
   * @param kernel a Linux kernel.
   * @param initrd file system with a gateway that tells on its second serial line.
   * @param disk image of the empty data disk, ext4.
   * @param sabotage the guest's file system flushes nothing: the campaign must notice.
   */
  record Wanted(Path kernel, Path initrd, Path disk, int cuts, long seed, boolean sabotage) {}

  /** As many as the guest's configuration has; behind them a meter. */
  private static final int LAMPS = 8;

  private static final long FLUSH_NANOS = 8_000_000;
  private static final int BOOT_SECONDS = 240;
  private static final int DELIVER_SECONDS = 400;
  private static final int LATE_MS = 6_000;
  private static final int EARLY_MS = 15_000;
  private static final int LINES = 12;

  private final Wanted wanted;
  private final Path work;
  private final KillStage.Progress progress;
  private final Verdict verdict = new Verdict();
  private final Random random;
  private final VolatileDisk disk;
  private long[] mostTold = new long[0];
  private long lines;
  private int untold;
  private long startNanos;
  private int starts;

  MachineStage(Wanted wanted, Path work, KillStage.Progress progress) throws IOException {
    this.wanted = wanted;
    this.work = work;
    this.progress = progress;
    this.random = new Random(wanted.seed());
    this.disk = VolatileDisk.of(Files.readAllBytes(wanted.disk()));
  }

  StageResult run() throws Exception {
    long began = System.nanoTime();
    Broker broker = new Broker(BrokerSettings.plain(0)).start();
    try (Ledger ledger = Ledger.open(work.resolve("city.db"), Ledger.Durability.NORMAL);
        TcpWire lamps = TcpWire.open(lamps(began));
        NbdServer server = NbdServer.open(disk, work.resolve("disk"), FLUSH_NANOS)) {
      MqttFront.on(broker, new Receiver(ledger, System::currentTimeMillis));
      Guest.Plan plan =
          new Guest.Plan(
              wanted.kernel(),
              wanted.initrd(),
              work.resolve("disk"),
              work.resolve("console"),
              broker.port(),
              lamps.port(),
              wanted.sabotage());
      for (int cut = 1; cut <= wanted.cuts(); cut++) {
        life(plan, ledger, server, cut);
      }
      long[] delivered = deliver(plan, ledger);
      return result(ledger.report(), delivered, (System.nanoTime() - began) / 1e9);
    } finally {
      broker.close();
    }
  }

  private static ModbusWire lamps(long beganNanos) {
    ModbusWire wire = new ModbusWire();
    for (int address = 1; address <= LAMPS; address++) {
      wire.put(address, new LampController(new Burning(address, beganNanos)));
    }
    wire.put(LAMPS + 1, new Sdm120(() -> 400, () -> 100 + (System.nanoTime() - beganNanos) / 1e12));
    return wire;
  }

  /** A lamp whose energy says how long it has burned. */
  private record Burning(int number, long beganNanos) implements LampController.Lamp {
    @Override
    public int level() {
      return 100;
    }

    @Override
    public void command(int level) {
      // Stays lit: the campaign commands nothing.
    }

    @Override
    public double volts() {
      return 230;
    }

    @Override
    public double watts() {
      return 50 + number;
    }

    @Override
    public double kilowattHours() {
      return (System.nanoTime() - beganNanos) / 1e9;
    }

    @Override
    public long hours() {
      return 1000 + number;
    }

    @Override
    public int faults() {
      return 0;
    }
  }

  /** From power on to the cut. A tenth of the cuts comes before the gateway has told anything. */
  private void life(Guest.Plan plan, Ledger ledger, NbdServer server, int cut) throws Exception {
    long from = System.nanoTime();
    try (Guest guest = Guest.powerOn(plan)) {
      boolean early = cut > 1 && random.nextInt(10) == 0;
      if (early) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(EARLY_MS));
      } else if (!guest.awaitTold(1, BOOT_SECONDS)) {
        throw new IOException("no gateway told anything: see " + plan.console());
      } else {
        starts++;
        startNanos += System.nanoTime() - from;
        live(guest, server);
      }
      guest.off();
      disk.cut(random, survival());
      guest.close();
      check(guest.told(), ledger, "cut " + (cut - 1));
      lines += guest.told().lines();
      untold += guest.told().lines() == 0 ? 1 : 0;
    }
    disk.powerOn();
    if (cut % Math.max(1, wanted.cuts() / 10) == 0) {
      progress.say(
          "cut " + cut + " of " + wanted.cuts() + ": told " + lines + " times, " + verdict.line());
    }
  }

  /** A third of the cuts keeps nothing unflushed, the others any share of it. */
  private double survival() {
    return random.nextInt(3) == 0 ? 0 : random.nextDouble();
  }

  /** Until some moment later, right after a commit it told of, or in the middle of a flush. */
  private void live(Guest guest, NbdServer server) throws InterruptedException {
    int kind = random.nextInt(4);
    if (kind == 0) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LATE_MS));
      return;
    }
    guest.awaitTold(2 + random.nextInt(LINES), BOOT_SECONDS);
    if (kind > 1 && server.awaitFlush(LATE_MS)) {
      LockSupport.parkNanos((long) (random.nextDouble() * FLUSH_NANOS));
    }
  }

  /** What a start finds must be all that was told before it, and all that the city has. */
  private void check(Guest.Told told, Ledger ledger, String after) throws LedgerException {
    long[] found = told.found();
    long[] last = told.last();
    if (found == null || last == null) {
      if (told.lines() > 0) {
        verdict.other(after + ": told, but not what was found");
      }
      return;
    }
    for (int lane = 0; lane < mostTold.length; lane++) {
      verdict.lost(
          mostTold[lane] - found[lane],
          after + ", lane " + lane + ": told " + mostTold[lane] + ", found " + found[lane]);
    }
    for (Report.Row row : ledger.report().rows()) {
      long next = last[row.lane().number()];
      if (row.last() >= next) {
        verdict.reused(
            after
                + ", "
                + row.lane().word()
                + ": the city has "
                + row.last()
                + ", next is "
                + next);
      }
    }
    mostTold = last.clone();
  }

  /** A life without a cut: all that was told must come to the city. */
  private long[] deliver(Guest.Plan plan, Ledger ledger) throws Exception {
    try (Guest guest = Guest.powerOn(plan)) {
      if (!guest.awaitTold(1, BOOT_SECONDS)) {
        throw new IOException("no gateway told anything: see " + plan.console());
      }
      check(guest.told(), ledger, "cut " + wanted.cuts());
      long[] all = mostTold.clone();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DELIVER_SECONDS);
      while (!has(ledger.report(), all) && System.nanoTime() < deadline) {
        TimeUnit.SECONDS.sleep(1);
      }
      return all;
    }
  }

  private static boolean has(Report report, long[] all) {
    for (int lane = 0; lane < all.length; lane++) {
      if (last(report, lane) + 1 < all[lane]) {
        return false;
      }
    }
    return true;
  }

  private static long last(Report report, int lane) {
    return report.rows().stream()
        .filter(row -> row.lane().number() == lane)
        .mapToLong(Report.Row::last)
        .max()
        .orElse(0);
  }

  private StageResult result(Report report, long[] told, double seconds) {
    long numbered = 0;
    for (int lane = 0; lane < told.length; lane++) {
      long last = last(report, lane);
      numbered += Math.max(0, told[lane] - 1);
      verdict.lost(
          told[lane] - 1 - last,
          "lane " + lane + ": told " + told[lane] + ", delivered to " + last);
    }
    long epochs = report.rows().stream().mapToLong(Report.Row::epoch).distinct().count();
    if (epochs != 1) {
      verdict.other(epochs + " epochs: a store was put aside");
    }
    for (Report.Row row : report.rows()) {
      String lane = row.lane().word();
      verdict.undeclared(
          row.missing(), lane + ": " + row.missing() + " neither there nor declared");
      verdict.duplicate(row.duplicates(), lane + ": " + row.duplicates() + " twice");
    }
    List<String> told1 = new ArrayList<>();
    told1.add(
        String.format(
            Locale.ROOT,
            "commits told %d; cut before anything was told %d; power-on to the first told %.1f s",
            lines,
            untold,
            startNanos / 1e9 / Math.max(1, starts)));
    told1.add(
        String.format(
            Locale.ROOT,
            "told as committed %d = samples and events in the city's ledger; readings there %d",
            numbered,
            report.totalReadings()));
    told1.add(
        String.format(
            Locale.ROOT,
            "sectors not flushed: %d lost, %d kept; flushes %d",
            disk.lostSectors(),
            disk.keptSectors(),
            disk.flushes()));
    return new StageResult("machine", wanted.cuts(), wanted.seed(), verdict, told1, seconds);
  }
}
