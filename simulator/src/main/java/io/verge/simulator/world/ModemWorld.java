package io.verge.simulator.world;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.backend.DirectUplink;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.device.ModemWire;
import io.verge.simulator.device.SimulatedModem;
import io.verge.simulator.gpio.LineBoard;
import io.verge.simulator.gpio.LinesProvider;
import io.verge.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The shipped gateway behind a modem, under simulated time: its AT port on a bus, its supply on a
 * relay, its packets to the city. What goes wrong in the modem takes the link away, and only the
 * right step brings it back.
 */
public final class ModemWorld {
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final int RELAY = 4;
  private static final int DRAIN_MINUTES_MAX = 120;

  private static final String CONFIG =
      """
      [site]
      gateway = "gw-modem"

      [[uplink]]
      name = "city"
      url = "sim://city"
      ack_timeout = "60s"

      [[bus]]
      name = "modem"
      port = "sim:modem"

      [[bus.device]]
      asset = "modem"
      driver = "at"
      every = "1m"

      [[bus]]
      name = "lines"
      port = "sim-gpio:cabinet"

      [[bus.device]]
      asset = "modem-power"
      driver = "relay"
      line = 4
      every = "1m"

      [modem]
      asset = "modem"
      power = "modem-power"
      reboot_file = "reboot"
      """;

  /**
   * What became of it.
   *
   * @param done to the modem, how often.
   * @param silentMinutes from the fault until its packets passed again; -1: they never did.
   * @param report the city's books.
   */
  public record Result(Map<String, Integer> done, int silentMinutes, Report report) {}

  private final Path folder;
  private final VirtualTime time = new VirtualTime(World.BEGIN_UTC_MS);
  private final SimulatedModem modem = new SimulatedModem();
  private final LineBoard board = new LineBoard(time::nanos, 8, 0);
  private final DirectUplink link;
  private final long seed;
  private SteppedCrew crew = new SteppedCrew(time);
  private long boot = 1;

  private ModemWorld(long seed, Path folder, Receiver receiver) {
    this.seed = seed;
    this.folder = folder;
    this.link = new DirectUplink(receiver, time, new Random(seed), LinkPlan.GOOD);
    board.listen(RELAY, drive -> modem.power(drive != LineBoard.Drive.LOW, board.nanos()));
  }

  /**
   * @param fault from the first hour on.
   * @param hours until polling ends.
   * @param more of the configuration.
   * @param folder for the store and the ledger, {@code city.db}.
   */
  public static Result run(
      long seed, SimulatedModem.Fault fault, int hours, String more, Path folder)
      throws IOException, StoreException, LedgerException {
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL)) {
      ModemWorld world =
          new ModemWorld(seed, folder, new Receiver(ledger, () -> World.BEGIN_UTC_MS));
      int silent = world.run(fault, hours, more);
      LedgerException failure = world.link.failure();
      if (failure != null) {
        throw failure;
      }
      return new Result(world.modem.done(), silent, ledger.report());
    }
  }

  private int run(SimulatedModem.Fault fault, int hours, String more)
      throws IOException, StoreException {
    carry();
    Gateway gateway = start(more);
    int mended = -1;
    for (int minute = 0; minute < hours * 60; minute++) {
      if (minute == 60) {
        modem.spoil(fault);
      }
      crew.runUntil(time.nanos() + 60 * SECOND_NANOS);
      if (Files.deleteIfExists(folder.resolve("reboot"))) {
        gateway.stop();
        modem.rebooted();
        boot++;
        crew = new SteppedCrew(time);
        gateway = start(more);
      }
      if (minute >= 60 && mended < 0 && modem.carries(time.nanos())) {
        mended = minute - 60;
      }
    }
    gateway.stopPolling();
    modem.spoil(SimulatedModem.Fault.NONE);
    for (int i = 0; i < DRAIN_MINUTES_MAX && !World.isDrained(gateway); i++) {
      crew.runUntil(time.nanos() + 60 * SECOND_NANOS);
    }
    gateway.stop();
    return mended;
  }

  /** The link is what the modem makes of it, looked at every second. */
  private void carry() {
    board.catchUp();
    link.outage(!modem.carries(time.nanos()));
    time.at(time.nanos() + SECOND_NANOS, this::carry);
  }

  private Gateway start(String more) throws IOException, StoreException {
    WireProvider wires = new WireProvider(Map.of("modem", new ModemWire(modem)));
    LinesProvider lines = new LinesProvider(Map.of("cabinet", board));
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, CONFIG + more);
    ConfigReader.Result read = Found.configReader(List.of(wires, lines), Set.of("sim")).read(file);
    SiteConfig config = read.config();
    if (config == null) {
      throw new IllegalStateException("the modem's configuration: " + read.problems());
    }
    return Gateway.start(
        config,
        folder.resolve("data"),
        new Platform(
            time,
            time,
            boot,
            crew,
            List.of(wires, lines),
            List.of(link),
            new Random(seed + boot),
            "simulated"));
  }
}
