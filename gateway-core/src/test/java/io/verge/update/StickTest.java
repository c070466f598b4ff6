package io.verge.update;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StickTest {
  @TempDir private Path folder = Path.of("unset");
  private Path keys = Path.of("unset");
  private Path stick = Path.of("unset");
  private KeyPair maker = new KeyPair(null, null);
  private SimulatedGateway gateway = new SimulatedGateway(Path.of("unset"), Set.of());

  @BeforeEach
  void gatewayThatTrustsItsMaker() throws Exception {
    maker = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    keys = Files.createDirectory(folder.resolve("keys"));
    Files.writeString(
        keys.resolve("maker.pem"),
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(maker.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    stick = Files.createDirectory(folder.resolve("stick"));
    gateway = new SimulatedGateway(folder.resolve("update"), Set.of("0.9.0"));
  }

  private Updater updater() throws IOException, UpdateException {
    return new Updater(
        folder.resolve("update"),
        List.of(),
        SimulatedGateway.PACKAGE,
        Keys.trusted(keys),
        gateway,
        gateway,
        new Updater.Patience(Duration.ofSeconds(20), Duration.ofSeconds(6)));
  }

  private void lay(String version, String arch) throws IOException, UpdateException {
    Path application = folder.resolve("app");
    Files.createDirectories(application.resolve("lib"));
    Files.writeString(application.resolve("java.args"), "-cp @APP@/lib/gateway.jar\n");
    Files.writeString(application.resolve("lib/gateway.jar"), version);
    Path to = Files.createDirectories(stick.resolve("verge-update"));
    BundleMaker.make(
        application,
        new Version(version),
        arch,
        17,
        maker.getPrivate(),
        null,
        to.resolve("verge_" + version + "_" + arch + ".vup"));
  }

  private Path taken() throws IOException, UpdateException {
    return Objects.requireNonNull(Stick.look(stick, updater()).bundle());
  }

  @Test
  void stickWithoutBundlesIsNobodysBusiness() throws Exception {
    Files.writeString(stick.resolve("photo.jpg"), "x");
    assertThat(Stick.look(stick, updater())).isEqualTo(new Stick.Choice(null, List.of()));
  }

  @Test
  void newestThatFitsIsTakenWhateverItsFileIsCalled() throws Exception {
    lay("0.2.0", "amd64");
    lay("0.10.0", "amd64");
    lay("0.11.0", "arm64");
    Files.writeString(stick.resolve("verge-update/torn.vup"), "VERGEUP1");
    Stick.Choice choice = Stick.look(stick, updater());
    assertThat(choice.bundle()).hasFileName("verge_0.10.0_amd64.vup");
    assertThat(choice.refused())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("torn.vup: "))
        .anyMatch(line -> line.contains("is for arm64"));
  }

  @Test
  void versionThatWasTakenBackIsNotTriedAgainByAStickLeftInItsSocket() throws Exception {
    lay("0.9.0", "amd64");
    assertThat(updater().apply(taken())).isFalse();
    Stick.Choice again = Stick.look(stick, updater());
    assertThat(again.bundle()).isNull();
    assertThat(again.refused()).singleElement().asString().contains("taken back", "bus lamps");
  }

  @Test
  void versionThatRunsAlreadyIsRefusedInWords() throws Exception {
    lay("0.2.0", "amd64");
    assertThat(updater().apply(taken())).isTrue();
    assertThat(Stick.look(stick, updater()).refused())
        .singleElement()
        .asString()
        .contains("not newer than");
  }

  private SystemUpdater systems(SimulatedSlots machine) {
    return new SystemUpdater(
        folder.resolve("update"),
        machine,
        machine,
        machine,
        new Updater.Patience(Duration.ofSeconds(20), Duration.ofSeconds(6)));
  }

  @Test
  void newestSystemIsTakenOnceAndNotAgainAfterItWasTakenBack() throws Exception {
    Path to = Files.createDirectories(stick.resolve("verge-update"));
    Files.writeString(to.resolve("2.0.raucb"), "");
    Files.writeString(to.resolve("0.9.raucb"), "");
    SimulatedSlots machine = new SimulatedSlots();
    machine.sick.add("2.0");
    SystemUpdater updater = systems(machine);
    Stick.Choice choice = Stick.look(stick, updater);
    assertThat(choice.bundle()).hasFileName("2.0.raucb");
    assertThat(choice.refused()).singleElement().asString().contains("not newer than the system");
    updater.apply(to.resolve("2.0.raucb"));
    for (int start = 0; start < 2; start++) {
      machine.boot();
      updater.settle();
    }
    assertThat(Stick.look(stick, updater).bundle()).isNull();
    assertThat(Stick.look(stick, updater).refused())
        .anyMatch(
            line -> line.contains("2.0 was tried and taken back: ") && line.contains("lamps"));
  }
}
