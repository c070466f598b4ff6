package io.verge.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.model.Command;
import io.verge.model.Quality;
import io.verge.poll.BusWorker;
import io.verge.runtime.Found;
import io.verge.runtime.Gateway;
import io.verge.runtime.Platform;
import io.verge.simulator.backend.DirectUplink;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.gpio.LineBoard;
import io.verge.simulator.gpio.LinesProvider;
import io.verge.simulator.gpio.SimulatedEcho;
import io.verge.simulator.gpio.SimulatedPulseMeter;
import io.verge.simulator.gpio.SimulatedRelay;
import io.verge.simulator.gpio.SimulatedRelay.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lamp on a relay and a water meter on a reed, from the contact to the city's ledger. */
class LinesPathTest {
  private static final long MS = 1_000_000L;
  private static final long SECOND = 1_000 * MS;
  private static final int LAMP = 0;
  private static final int METER = 1;
  private static final int DIMMED = 2;
  private static final int BIN = 3;
  private static final long LITRES = 10;

  /** The meter's poll interval and the store's commit interval: what a power cut may cost. */
  private static final int LOSS_SECONDS = 15;

  private static final String CONFIGURATION =
      """
      [site]
      gateway = "gw-7"
      [store]
      commit_interval = "5s"
      [[uplink]]
      name = "city"
      url = "sim://city"
      [[bus]]
      name = "cabinet"
      port = "sim-gpio:cabinet"
      [[bus.device]]
      asset = "lamp-1"
      driver = "relay"
      line = 17
      active = "low"
      feedback = 27
      settle = "80ms"
      every = "60s"
      [[bus.device]]
      asset = "meter-1"
      driver = "pulse"
      line = 22
      litres_per_pulse = 10
      every = "10s"
      [[bus.device]]
      asset = "lamp-2"
      driver = "dimmer"
      channel = 1
      every = "60s"
      [[bus.device.curve]]
      level = 10
      duty = 20
      [[bus.device.curve]]
      level = 100
      duty = 92.5
      [[bus.device]]
      asset = "bin-1"
      driver = "hcsr04"
      trigger = 23
      echo = 24
      empty_mm = 2000
      full_mm = 500
      every = "60s"
      """;

  private final Path folder;

  private final VirtualTime time = new VirtualTime(1_790_000_000_000L);
  private final LineBoard board = new LineBoard(time::nanos, 28, 2);
  private final SimulatedRelay relay =
      new SimulatedRelay(board, new SimulatedRelay.Wiring(17, true, 27, 10 * MS, 5 * MS), 1);
  private final SimulatedPulseMeter meter = new SimulatedPulseMeter(board, 22, 200 * MS, 8 * MS, 2);
  private int surfaceMm = 1_250;
  private final SimulatedEcho echo = new SimulatedEcho(board, 23, 24, () -> surfaceMm);
  private Ledger ledger;
  private Run run;

  LinesPathTest() throws IOException {
    folder = World.folder();
  }

  @BeforeEach
  void start() throws Exception {
    ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL);
    run = new Run(folder.resolve("data-0"));
  }

  @AfterEach
  void stop() throws Exception {
    run.gateway.stop();
    ledger.close();
    World.clear(folder);
  }

  @Test
  void aCommandSwitchesTheRelayAndItsFeedbackIsRead() throws Exception {
    run.seconds(70);
    assertThat(relay.isLit()).as("a lamp nobody spoke for").isTrue();
    assertThat(values(LAMP)).containsExactly(100, 1, 0);
    run.level("c1", 0);
    assertThat(relay.isLit()).isFalse();
    assertThat(values(LAMP)).containsExactly(0, 0, 0);
    assertThat(counter("commands.done")).isEqualTo(1);
    run.level("c1", 0);
    run.level("c2", 100);
    assertThat(relay.isLit()).isTrue();
    assertThat(values(LAMP)).containsExactly(100, 1, 0);
    assertThat(relay.moves()).isEqualTo(2);
    run.level("c3", 40);
    assertThat(counter("commands.rejected")).isEqualTo(1);
    assertThat(relay.isLit()).isTrue();
  }

  @Test
  void aWeldedAndAStuckRelayAreTold() throws Exception {
    run.level("w1", 0);
    relay.fault(Fault.WELDED);
    run.seconds(70);
    assertThat(last(LAMP).sample().quality()).isEqualTo(Quality.SUSPECT);
    assertThat(values(LAMP)).containsExactly(0, 1, 2);
    assertThat(last(LAMP).why()).contains("commanded off, feedback says on");
    run.level("w2", 0);
    assertThat(counter("commands.failed")).isEqualTo(1);
    relay.fault(Fault.NONE);
    relay.fault(Fault.STUCK);
    run.level("s1", 100);
    assertThat(counter("commands.failed")).isEqualTo(2);
    assertThat(relay.isLit()).isFalse();
    assertThat(last(LAMP).why()).contains("commanded on, feedback says off");
    relay.fault(Fault.NONE);
    run.seconds(70);
    assertThat(last(LAMP).sample().quality()).isEqualTo(Quality.GOOD);
    assertThat(values(LAMP)).containsExactly(100, 1, 0);
  }

  @Test
  void aDeadGatewayLeavesTheLampLitAndARestartedOneKnowsItsLevel() throws Exception {
    run.level("c1", 0);
    run.seconds(70);
    Path image = run.die("data-1");
    time.sleepUntil(time.nanos() + SECOND);
    assertThat(relay.isLit()).as("the coil's line floats").isTrue();
    run = new Run(image);
    run.seconds(1);
    assertThat(relay.isLit()).as("the level the city wanted").isFalse();
    run.seconds(70);
    assertThat(values(LAMP)).containsExactly(0, 0, 0);
  }

  @Test
  void everyTurnOfTheMeterIsCountedOnceHoweverItBounces() throws Exception {
    run.seconds(30);
    assertThat(values(METER)[0]).isZero();
    meter.turn(900 * MS);
    run.seconds(3_600);
    meter.turn(0);
    meter.rattle(300 * SECOND);
    run.seconds(330);
    assertThat(meter.pulses()).isGreaterThan(3_500);
    assertThat(meter.rattles()).as("of a magnet at rest").isGreaterThan(10_000);
    assertThat(values(METER)[0]).isEqualTo(LITRES * meter.pulses());
    assertThat(values(METER)[2]).as("lost edges").isZero();
    meter.turn(36 * SECOND);
    run.seconds(40_000);
    meter.turn(0);
    run.seconds(30);
    assertThat(values(METER)[0])
        .as("the first after standing too")
        .isEqualTo(LITRES * meter.pulses());
    drainAndReconcile();
  }

  @Test
  void theTotalIsExactThroughKillsWhileTheWaterStands() throws Exception {
    for (int kill = 1; kill <= 5; kill++) {
      meter.turn(2 * SECOND);
      run.seconds(613);
      meter.turn(0);
      run.seconds(2 * LOSS_SECONDS);
      run = new Run(run.die("data-" + kill));
      run.seconds(30);
      assertThat(values(METER)[0]).as("kill %d", kill).isEqualTo(LITRES * meter.pulses());
    }
    assertThat(meter.pulses()).isGreaterThan(1_400);
  }

  @Test
  void aKillInTheFlowCostsWhatWasNotCommittedAndNotATurnMore() throws Exception {
    Random random = new Random(11);
    long missed = 0;
    for (int kill = 1; kill <= 8; kill++) {
      meter.turn(1_100 * MS);
      run.seconds(120 + random.nextInt(120));
      long before = meter.pulses();
      run.seconds(LOSS_SECONDS + 1);
      meter.turn(0);
      run = new Run(run.die("data-" + kill));
      long atKill = meter.pulses();
      run.seconds(30);
      long counted = values(METER)[0] / LITRES + missed;
      assertThat(counted).as("kill %d", kill).isBetween(before, atKill);
      missed += atKill - counted;
    }
    meter.turn(1_100 * MS);
    run.seconds(600);
    meter.turn(0);
    run.seconds(30);
    assertThat(values(METER)[0]).isEqualTo(LITRES * (meter.pulses() - missed));
    assertThat(missed).as("eight kills in full flow").isLessThanOrEqualTo(8 * (LOSS_SECONDS + 1));
  }

  @Test
  void aChipThatGoesIsToldAndComesBackByItself() throws Exception {
    run.level("c1", 0);
    meter.turn(2 * SECOND);
    run.seconds(60);
    meter.turn(0);
    run.seconds(20);
    board.unplug();
    run.seconds(20);
    assertThat(run.gateway.buses().get(0).view().up()).isFalse();
    assertThat(last(METER).sample().quality()).isEqualTo(Quality.BUS_DOWN);
    assertThat(last(METER).why()).contains("unplugged");
    assertThat(relay.isLit()).isTrue();
    board.plug();
    run.seconds(100);
    assertThat(run.gateway.buses().get(0).view().up()).isTrue();
    assertThat(relay.isLit()).as("its level is back").isFalse();
    meter.turn(2 * SECOND);
    run.seconds(60);
    meter.turn(0);
    run.seconds(30);
    assertThat(values(METER)[0]).isEqualTo(LITRES * meter.pulses());
  }

  @Test
  void aDimmedLampKeepsItsLevelWhileItsGatewayIsDead() throws Exception {
    run.seconds(5);
    assertThat(board.modulation(1)).containsExactly(925_000, 1_000_000);
    run.level("lamp-2", "d1", 40);
    assertThat(board.modulation(1)).containsExactly(442_000, 1_000_000);
    assertThat(values(DIMMED)).containsExactly(40, 442);
    run.seconds(70);
    Path image = run.die("data-1");
    assertThat(board.modulation(1)).containsExactly(442_000, 1_000_000);
    run = new Run(image);
    run.seconds(70);
    assertThat(board.modulation(1)).containsExactly(442_000, 1_000_000);
    assertThat(values(DIMMED)).containsExactly(40, 442);
  }

  @Test
  void aFloorThatWasMeasuredHoldsAfterAPowerCut() throws Exception {
    run.seconds(70);
    assertThat(values(BIN)[0]).isEqualTo(50);
    surfaceMm = 1_800;
    run.command(new Command("k1", "bin-1", "calibrate", Map.of("empty", "now"), 0, 0, ""));
    assertThat(counter("commands.done")).isEqualTo(1);
    assertThat(values(BIN)[0]).as("this is the floor").isZero();
    run.seconds(LOSS_SECONDS);
    run = new Run(run.die("data-1"));
    surfaceMm = 1_150;
    run.seconds(70);
    assertThat(values(BIN)[0]).isEqualTo(50);
    surfaceMm = 0;
    long pings = echo.pings();
    run.command(new Command("k2", "bin-1", "calibrate", Map.of("empty", "now"), 0, 0, ""));
    assertThat(echo.pings()).isGreaterThan(pings);
    assertThat(counter("commands.failed")).as("nothing throws the sound back").isEqualTo(1);
    surfaceMm = 1_150;
    run.seconds(70);
    assertThat(values(BIN)[0]).as("as it was").isEqualTo(50);
  }

  private void drainAndReconcile() throws Exception {
    run.gateway.stopPolling();
    run.crew.runUntil(time.nanos() + 3_600 * SECOND);
    assertThat(ledger.report().isWhole()).isTrue();
    assertThat(ledger.report().totalReadings()).isEqualTo(counter("readings.acquired"));
    assertThat(counter("readings.acquired")).isGreaterThan(10_000);
  }

  private BusWorker.Last last(int position) {
    return Objects.requireNonNull(run.gateway.buses().get(0).last(position));
  }

  private long[] values(int position) {
    return last(position).sample().values();
  }

  private long counter(String name) {
    return run.gateway.counters().get(name);
  }

  /** One start of the gateway. */
  private final class Run {
    final Path data;
    final SteppedCrew crew = new SteppedCrew(time);
    final DirectUplink link;
    final Gateway gateway;

    Run(Path data) throws Exception {
      this.data = data;
      Path file = folder.resolve("gateway.toml");
      Files.writeString(file, CONFIGURATION);
      LinesProvider lines = new LinesProvider(Map.of("cabinet", board));
      ConfigReader.Result read = Found.configReader(List.of(lines), Set.of("sim")).read(file);
      assertThat(read.problems()).isEmpty();
      link =
          new DirectUplink(new Receiver(ledger, time::utcMs), time, new Random(3), LinkPlan.GOOD);
      gateway =
          Gateway.start(
              Objects.requireNonNull(read.config()),
              data,
              new Platform(
                  time, time, 1, crew, List.of(lines), List.of(link), new Random(4), "simulated"));
    }

    void seconds(int seconds) {
      crew.runUntil(time.nanos() + seconds * SECOND);
    }

    void level(String id, long level) {
      level("lamp-1", id, level);
    }

    void level(String lamp, String id, long level) {
      command(new Command(id, lamp, "set-level", Map.of("level", level), 0, 0, ""));
    }

    void command(Command command) {
      seconds(5);
      link.command("gw-7", command);
      seconds(5);
    }

    /** Power goes: what was committed is on the disk returned, and the lines float. */
    Path die(String name) throws Exception {
      Path image = Files.createDirectory(folder.resolve(name));
      for (String part : List.of("verge.db", "verge.db-wal", "verge.db-commits")) {
        Files.copy(data.resolve(part), image.resolve(part));
      }
      board.unplug();
      board.plug();
      link.outage(true);
      gateway.stop();
      return image;
    }
  }
}
