package io.verge.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.update.SystemUpdater.Settled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemUpdaterTest {
  private static final Updater.Patience PATIENCE =
      new Updater.Patience(Duration.ofSeconds(20), Duration.ofSeconds(6));
  private static final Path NEWER = Path.of("2.0");

  @TempDir private Path folder = Path.of("unset");
  private int worlds;
  private Path root = Path.of("unset");
  private SimulatedSlots machine = new SimulatedSlots();

  @BeforeEach
  void fresh() {
    machine = new SimulatedSlots();
    root = folder.resolve("world-" + ++worlds);
  }

  private SystemUpdater updater(Disk disk) {
    return new SystemUpdater(root, machine, machine, machine, PATIENCE, disk);
  }

  private SystemUpdater updater() {
    return updater(new FaultyDisk(FaultyDisk.NEVER));
  }

  private SystemUpdater.State state() throws IOException {
    return Objects.requireNonNull(updater().state());
  }

  private Settled started() throws IOException, UpdateException {
    machine.boot();
    return updater().settle();
  }

  @Test
  void goodSystemIsConfirmedAndStays() throws Exception {
    assertThat(updater(new Disk()).apply(NEWER)).isEqualTo(new Version("2.0"));
    assertThat(machine.reboots).isEqualTo(1);
    assertThat(state().trial()).isEqualTo("2.0");
    assertThat(started()).isEqualTo(Settled.CONFIRMED);
    assertThat(state()).isEqualTo(new SystemUpdater.State("B", "2.0", "", "confirmed", "2.0", ""));
    assertThat(machine.confirmed()).isEqualTo("B");
    assertThat(started()).isEqualTo(Settled.NOTHING_OPEN);
  }

  @Test
  void archiveOfAnApplicationIsMadeAnewByTheNewRuntime() throws Exception {
    Path application = Files.createDirectories(root.resolve("app-0.3.0"));
    Files.writeString(application.resolve("java.args"), "");
    Files.createSymbolicLink(root.resolve("current"), Path.of("app-0.3.0"));
    updater().apply(NEWER);
    started();
    assertThat(machine.prepared).containsExactly(application);
  }

  @Test
  void systemWhoseGatewayDoesNotWorkIsTakenBackWithItsReason() throws Exception {
    machine.sick.add("2.0");
    updater().apply(NEWER);
    assertThat(started()).isEqualTo(Settled.GOING_BACK);
    assertThat(machine.reboots).isEqualTo(2);
    assertThat(started()).isEqualTo(Settled.BACK);
    assertThat(state().outcome()).isEqualTo("rolled-back");
    assertThat(state().version()).isEqualTo("1.0");
    assertThat(state().why()).contains("bus lamps is not up", "uplink city has no ack");
  }

  @Test
  void systemThatDoesNotStartIsLeftByTheBootLoader() throws Exception {
    machine.panics.add("2.0");
    updater().apply(NEWER);
    assertThat(started()).isEqualTo(Settled.BACK);
    assertThat(state())
        .isEqualTo(
            new SystemUpdater.State(
                "A",
                "1.0",
                "",
                "rolled-back",
                "2.0",
                "it did not start, or went down before it was judged"));
    assertThat(started()).isEqualTo(Settled.NOTHING_OPEN);
  }

  @Test
  void threeStartsThatEndBeforeTheVerdictAreEnough() throws Exception {
    updater().apply(NEWER);
    for (int start = 0; start < 3; start++) {
      machine.boot();
      assertThat(machine.version()).isEqualTo("2.0");
    }
    assertThat(started()).isEqualTo(Settled.BACK);
    assertThat(machine.version()).isEqualTo("1.0");
  }

  @Test
  void systemWrittenBySomebodyElseIsJudgedToo() throws Exception {
    machine.install(NEWER);
    assertThat(started()).isEqualTo(Settled.CONFIRMED);
    assertThat(state().lastVersion()).isEqualTo("2.0");
  }

  @Test
  void whatIsNotToBeTakenChangesNothing() throws Exception {
    machine.trusts = false;
    assertRefused(NEWER, "trusts nobody");
    machine.trusts = true;
    machine.compatible = "verge-other";
    assertRefused(NEWER, "is for verge-other, this gateway is verge-test");
    machine.compatible = "verge-test";
    assertRefused(Path.of("1.0"), "not newer than the system 1.0");
    assertRefused(Path.of("0.9"), "not newer than the system 1.0");
    assertRefused(Path.of("r2-final"), "has no order");
    machine.refusal = "signature verification failed";
    assertRefused(NEWER, "signature verification failed");
    assertThat(machine.written).containsEntry("B", "1.0");
  }

  private void assertRefused(Path bundle, String why) throws IOException {
    assertThatThrownBy(() -> updater().apply(bundle))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining(why);
    assertThat(state()).isEqualTo(new SystemUpdater.State("A", "1.0", "", "", "", ""));
    assertThat(machine.reboots).isZero();
  }

  @Test
  void nothingElseIsUpdatedWhileASystemIsOnTrial() throws Exception {
    updater().apply(NEWER);
    assertThatThrownBy(() -> updater().apply(Path.of("3.0")))
        .hasMessageContaining("the update to 2.0 has not proved itself yet");
    SimulatedGateway gateway = new SimulatedGateway(root, java.util.Set.of());
    Updater applications =
        new Updater(
            root,
            List.of(),
            SimulatedGateway.PACKAGE,
            Keys.trusted(root),
            gateway,
            gateway,
            PATIENCE);
    assertThatThrownBy(() -> applications.apply(folder.resolve("some.vup")))
        .hasMessageContaining("the system 2.0 has not proved itself yet");
  }

  /** The power fails at every change of the update, and at every one of the next start. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void powerCutAtEveryStepEndsOnAWholeSystem(boolean good) throws Exception {
    boolean cut = true;
    int cuts = 0;
    for (int first = 0; cut; first++) {
      fresh(good);
      cut = cutDuring(new FaultyDisk(first), disk -> updater(disk).apply(NEWER));
      boolean again = true;
      for (int second = 0; again; second++) {
        fresh(good);
        cutDuring(new FaultyDisk(first), disk -> updater(disk).apply(NEWER));
        machine.boot();
        again = cutDuring(new FaultyDisk(second), disk -> updater(disk).settle());
        settleToTheEnd();
        assertThat(machine.written.get(machine.confirmed())).isNotNull();
        assertThat(machine.version()).isEqualTo(machine.written.get(machine.confirmed()));
        assertThat(state().trial()).isEmpty();
        String expected = state().outcome().equals("confirmed") ? "2.0" : "1.0";
        assertThat(machine.version()).as("cut at %d and %d", first, second).isEqualTo(expected);
        if (!good) {
          assertThat(machine.version()).isEqualTo("1.0");
        }
        cuts++;
      }
    }
    assertThat(cuts).isGreaterThan(80);
  }

  private void fresh(boolean good) {
    fresh();
    if (!good) {
      machine.sick.add("2.0");
    }
  }

  private void settleToTheEnd() throws IOException, UpdateException {
    for (int starts = 0; started() != Settled.NOTHING_OPEN; starts++) {
      assertThat(starts).isLessThan(5);
    }
  }

  private interface Doing {
    void on(FaultyDisk disk) throws IOException, UpdateException;
  }

  private boolean cutDuring(FaultyDisk disk, Doing doing) throws IOException, UpdateException {
    machine.poweredBy(disk);
    try {
      doing.on(disk);
      return false;
    } catch (FaultyDisk.PowerCut off) {
      return true;
    } finally {
      machine.poweredBy(new FaultyDisk(FaultyDisk.NEVER));
    }
  }
}
