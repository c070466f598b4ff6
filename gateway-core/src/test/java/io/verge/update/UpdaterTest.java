package io.verge.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdaterTest {
  private static final Updater.Patience PATIENCE =
      new Updater.Patience(Duration.ofSeconds(20), Duration.ofSeconds(6));
  private static final KeyPair MAKER = pair();

  @TempDir private Path folder = Path.of("unset");
  private int worlds;

  private Path root = Path.of("unset");
  private Path base = Path.of("unset");
  private Path trusted = Path.of("unset");
  private SimulatedGateway gateway = new SimulatedGateway(Path.of("unset"), Set.of());

  @BeforeEach
  void freshGateway() throws IOException {
    fresh(Set.of());
  }

  private void fresh(Set<String> sick) throws IOException {
    Path world = Files.createDirectory(folder.resolve("world-" + ++worlds));
    root = world.resolve("update");
    base = application(world.resolve("base"), "base");
    trusted = Files.createDirectory(world.resolve("keys"));
    Files.writeString(
        trusted.resolve("maker.pem"), pem("PUBLIC KEY", MAKER.getPublic().getEncoded()));
    gateway = new SimulatedGateway(root, sick);
  }

  private static KeyPair pair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + what
        + "-----\n";
  }

  private static Path application(Path folder, String content) throws IOException {
    Files.createDirectories(folder.resolve("lib"));
    Files.createDirectories(folder.resolve("native"));
    Files.writeString(folder.resolve("java.args"), "-cp @APP@/lib/gateway.jar\n");
    Files.writeString(folder.resolve("lib/gateway.jar"), (content + " ").repeat(2000));
    Files.writeString(folder.resolve("lib/library.jar"), "the same in all ".repeat(500));
    Files.writeString(folder.resolve("native/libsqlitejdbc.so"), "\u007fELF");
    return folder;
  }

  private Path bundle(String version) throws IOException, UpdateException {
    return bundle(version, "amd64", 17, MAKER, null);
  }

  private Path bundle(String version, String arch, int java, KeyPair signer, @Nullable Path older)
      throws IOException, UpdateException {
    Path application = application(folder.resolve("made-" + version), version);
    Path target = folder.resolve("verge_" + version + "_" + arch + ".vup");
    BundleMaker.make(
        application, new Version(version), arch, java, signer.getPrivate(), older, target);
    return target;
  }

  private Updater updater(Disk disk) throws IOException, UpdateException {
    return new Updater(
        root,
        List.of(base),
        SimulatedGateway.PACKAGE,
        Keys.trusted(trusted),
        gateway,
        gateway,
        PATIENCE,
        disk);
  }

  private Updater updater() throws IOException, UpdateException {
    return updater(new FaultyDisk(FaultyDisk.NEVER));
  }

  private void assertUntouched() throws IOException, UpdateException {
    assertThat(updater().state()).isEqualTo(new Updater.State("0.1.0", "0.1.0", "", "", "", ""));
    assertThat(gateway.restarts).isZero();
  }

  @Test
  void goodVersionIsConfirmedAndNamesItsOwnFolder() throws Exception {
    assertThat(updater(new Disk()).apply(bundle("0.2.0"))).isTrue();
    assertThat(updater().state())
        .isEqualTo(new Updater.State("0.1.0", "0.2.0", "", "confirmed", "0.2.0", ""));
    assertThat(gateway.version()).isEqualTo("0.2.0");
    assertThat(root.resolve("current/java.args"))
        .hasContent("-cp " + root.resolve("app-0.2.0") + "/lib/gateway.jar");
  }

  @Test
  void sickVersionIsTakenBackWithWhatItLacked() throws Exception {
    fresh(Set.of("0.2.0"));
    assertThat(updater().apply(bundle("0.2.0"))).isFalse();
    Updater.State state = updater().state();
    assertThat(state.current()).isEqualTo("0.1.0");
    assertThat(state.outcome()).isEqualTo("rolled-back");
    assertThat(state.why())
        .contains("bus lamps is not up", "uplink city has no ack")
        .doesNotContain("meters");
    assertThat(gateway.version()).isEqualTo("0.1.0");
  }

  @Test
  void backOnRequestIsToTheOneBeforeAndThenToThePackage() throws Exception {
    updater().apply(bundle("0.2.0"));
    updater().apply(bundle("0.3.0"));
    assertThat(updater().rollback()).isEqualTo(new Version("0.2.0"));
    assertThat(gateway.version()).isEqualTo("0.2.0");
    assertThat(updater().rollback()).isEqualTo(SimulatedGateway.PACKAGE);
    assertThat(gateway.version()).isEqualTo("0.1.0");
    assertThatThrownBy(() -> updater().rollback()).hasMessageContaining("package's own version");
  }

  @Test
  void onlyTwoVersionsStay() throws Exception {
    for (String version : List.of("0.2.0", "0.3.0", "0.4.0")) {
      updater().apply(bundle(version));
    }
    try (Stream<Path> entries = Files.list(root)) {
      assertThat(entries.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("app-0.3.0", "app-0.4.0", "current", "last.json", ".lock");
    }
  }

  @Test
  void bundleWithoutWhatIsThereIsMadeWholeFromIt() throws Exception {
    Path full = bundle("0.2.0");
    updater().apply(full);
    Path delta = bundle("0.3.0", "amd64", 17, MAKER, full);
    assertThat(Files.size(delta)).isLessThan(Files.size(full));
    assertThat(updater().apply(delta)).isTrue();
    assertThat(root.resolve("app-0.3.0/lib/library.jar"))
        .hasSameBinaryContentAs(base.resolve("lib/library.jar"));
    Path foreign = bundle("0.5.0", "amd64", 17, MAKER, bundle("0.4.0"));
    Files.delete(base.resolve("lib/library.jar"));
    Files.delete(root.resolve("app-0.3.0/lib/library.jar"));
    Files.delete(root.resolve("app-0.2.0/lib/library.jar"));
    assertThatThrownBy(() -> updater().apply(foreign))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("leaves out lib/library.jar");
    assertThat(gateway.version()).isEqualTo("0.3.0");
  }

  /** Or, in the few bits of DEFLATE that mean nothing, changes nothing. */
  @Test
  void changedByteAnywhereIsRefused() throws Exception {
    byte[] good = Files.readAllBytes(bundle("0.2.0"));
    int head = Bundle.HEAD_BYTES + ByteBuffer.wrap(good).getInt(Bundle.MAGIC.length) + 64;
    Path bad = folder.resolve("bad.vup");
    int refused = 0;
    for (int at = 0; at < good.length; at++) {
      byte[] changed = good.clone();
      changed[at] ^= 0x10;
      Files.write(bad, changed);
      boolean taken = isTaken(bad);
      assertThat(taken && at < head).as("byte %d", at).isFalse();
      if (taken) {
        assertThat(root.resolve("app-0.2.0/lib/gateway.jar"))
            .hasSameBinaryContentAs(folder.resolve("made-0.2.0/lib/gateway.jar"));
        fresh(Set.of());
      } else {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(good.length * 9 / 10);
    assertUntouched();
  }

  private boolean isTaken(Path file) throws IOException {
    try {
      return updater().apply(file);
    } catch (UpdateException refused) {
      return false;
    }
  }

  @Test
  void everyTruncationIsRefused() throws Exception {
    byte[] good = Files.readAllBytes(bundle("0.2.0"));
    Path bad = folder.resolve("bad.vup");
    for (int length = 0; length < good.length; length++) {
      Files.write(bad, Arrays.copyOf(good, length));
      assertThatThrownBy(() -> updater().apply(bad))
          .as("%d bytes", length)
          .isInstanceOf(UpdateException.class);
    }
    Files.write(bad, Arrays.copyOf(good, good.length + 1));
    assertThatThrownBy(() -> updater().apply(bad)).hasMessageContaining("cut off or added to");
    assertUntouched();
  }

  @Test
  void strangerSignedIsRefusedBeforeItsManifestIsRead() throws Exception {
    Path file = bundle("0.2.0", "amd64", 17, pair(), null);
    assertThatThrownBy(() -> updater().apply(file)).hasMessageContaining("not signed by a key");
    assertUntouched();
  }

  @Test
  void withoutAnyKeyNothingIsTaken() throws Exception {
    Files.delete(trusted.resolve("maker.pem"));
    assertThatThrownBy(() -> updater().apply(bundle("0.2.0")))
        .hasMessageContaining("trusts no key");
    assertUntouched();
  }

  @Test
  void retiredKeyCanBeReplacedByASecondOne() throws Exception {
    KeyPair second = pair();
    Files.writeString(
        trusted.resolve("second.pem"), pem("PUBLIC KEY", second.getPublic().getEncoded()));
    assertThat(updater().apply(bundle("0.2.0", "amd64", 17, second, null))).isTrue();
    assertThat(gateway.told).anyMatch(line -> line.contains("signed with second.pem"));
  }

  @Test
  void otherArchitectureOlderVersionNewerJavaAndFullDiskAreRefused() throws Exception {
    assertThatThrownBy(() -> updater().apply(bundle("0.2.0", "arm64", 17, MAKER, null)))
        .hasMessageContaining("is for arm64, this gateway is amd64");
    assertThatThrownBy(() -> updater().apply(bundle("0.1.0~rc1")))
        .hasMessageContaining("not newer than 0.1.0");
    assertThatThrownBy(() -> updater().apply(bundle("0.1.0"))).hasMessageContaining("not newer");
    assertThatThrownBy(() -> updater().apply(bundle("0.2.0", "amd64", 25, MAKER, null)))
        .hasMessageContaining("needs Java 25");
    gateway.freeBytes = 1 << 20;
    assertThatThrownBy(() -> updater().apply(bundle("0.2.0")))
        .hasMessageContaining("room for 1 MiB");
    assertUntouched();
  }

  @Test
  void versionThatDoesNotStartIsRefusedWhileTheOldOneRuns() throws Exception {
    gateway.refuses = "0.2.0 does not take the site's configuration";
    assertThatThrownBy(() -> updater().apply(bundle("0.2.0"))).hasMessage(gateway.refuses);
    assertUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../etc/cron.d/x",
        "lib/../../x",
        "/etc/passwd",
        "lib/a/b.jar",
        "lib/.hidden",
        "bin/java",
        "lib/",
        "lib/a\u0000b"
      })
  void signedManifestMayNotNameAnotherPlace(String path) {
    Manifest manifest =
        new Manifest(
            new Version("0.2.0"),
            "amd64",
            17,
            List.of(
                new Manifest.Item("java.args", 0, "0".repeat(64), 2),
                new Manifest.Item(path, 0, "0".repeat(64), 2)));
    assertThatThrownBy(() -> Manifest.parse(manifest.toJson()))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("lists the path");
  }

  @Test
  void signedNonsenseIsBrokenNotABug() throws Exception {
    for (String json :
        List.of(
            "",
            "null",
            "[]",
            "{}",
            "{\"version\":\"1\",\"arch\":\"amd64\",\"files\":[null]}",
            "{\"version\":\"1\",\"arch\":\"amd64\",\"files\":[{}]}",
            "{\"version\":\"../1\",\"arch\":\"amd64\",\"files\":[{}]}",
            "{\"version\":\"1\",\"arch\":\"amd64\",\"files\":[{\"path\":\"lib/x\",\"size\":-1}]}",
            "{\"version\":\"1\",\"arch\":\"amd64\",\"java\":\"x\",\"files\":[]}")) {
      byte[] head = Bundle.signedHead(json.getBytes(StandardCharsets.UTF_8));
      byte[] signature = Keys.sign(MAKER.getPrivate(), head);
      Path file = folder.resolve("nonsense.vup");
      Files.write(file, ByteBuffer.allocate(head.length + 64).put(head).put(signature).array());
      assertThatThrownBy(() -> updater().apply(file))
          .as(json)
          .isInstanceOf(UpdateException.class)
          .hasMessageContaining("broken");
    }
  }

  /** The power fails at every single change, then comes back. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void powerCutAtEveryStepLeavesOneWholeVersion(boolean good) throws Exception {
    Path file = bundle("0.2.0");
    int cuts = 0;
    int takenBack = 0;
    for (boolean cut = true; cut; cuts++) {
      fresh(good ? Set.of() : Set.of("0.2.0"));
      cut = cutDuring(new FaultyDisk(cuts), disk -> updater(disk).apply(file));
      comesBack(good);
      takenBack += updater().state().current().equals("0.1.0") ? 1 : 0;
      if (updater().state().current().equals("0.1.0")) {
        assertThat(updater().apply(file)).as("again after cut %d", cuts).isEqualTo(good);
      }
      assertThat(gateway.version()).isEqualTo(good ? "0.2.0" : "0.1.0");
    }
    assertThat(cuts).isGreaterThan(30);
    assertThat(takenBack).isGreaterThan(20);
  }

  /** And fails again at every change of the settling. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void powerCutWhileSettlingIsSurvivedToo(boolean good) throws Exception {
    Path file = bundle("0.2.0");
    List<Integer> onTrial = new ArrayList<>();
    int steps = 0;
    for (boolean cut = true; cut; steps++) {
      fresh(good ? Set.of() : Set.of("0.2.0"));
      cut = cutDuring(new FaultyDisk(steps), disk -> updater(disk).apply(file));
      if (cut && !updater().state().trial().isEmpty()) {
        onTrial.add(steps);
      }
    }
    assertThat(onTrial).isNotEmpty();
    for (int first :
        List.of(onTrial.get(0), onTrial.get(onTrial.size() / 2), onTrial.get(onTrial.size() - 1))) {
      int second = 0;
      for (boolean cut = true; cut; second++) {
        fresh(good ? Set.of() : Set.of("0.2.0"));
        cutDuring(new FaultyDisk(first), disk -> updater(disk).apply(file));
        gateway.boot();
        cut = cutDuring(new FaultyDisk(second), disk -> updater(disk).settle());
        comesBack(good);
      }
      assertThat(second).isGreaterThan(2);
    }
  }

  @Test
  void machineThatKeepsGoingDownOnTrialGoesBack() throws Exception {
    Path file = bundle("0.2.0");
    int switched = 0;
    while (!Files.exists(root.resolve("current"))) {
      fresh(Set.of());
      cutDuring(new FaultyDisk(switched++), disk -> updater(disk).apply(file));
    }
    for (int down = 0; down < 3; down++) {
      gateway.boot();
      assertThat(gateway.version()).isEqualTo("0.2.0");
      assertThat(cutDuring(new FaultyDisk(3), disk -> updater(disk).settle())).isTrue();
    }
    gateway.boot();
    assertThat(updater().settle()).isFalse();
    assertThat(updater().state().why()).contains("went down 3 times");
    assertThat(gateway.version()).isEqualTo("0.1.0");
  }

  private interface Doing {
    void on(FaultyDisk disk) throws IOException, UpdateException;
  }

  private boolean cutDuring(FaultyDisk disk, Doing doing) throws IOException, UpdateException {
    gateway.poweredBy(disk);
    try {
      doing.on(disk);
      return false;
    } catch (FaultyDisk.PowerCut off) {
      return true;
    } finally {
      gateway.poweredBy(new FaultyDisk(FaultyDisk.NEVER));
    }
  }

  /** After a cut: what starts is whole, and settling leaves nothing open. */
  private void comesBack(boolean good) throws IOException, UpdateException {
    gateway.boot();
    assertThat(gateway.version()).isIn("0.1.0", "0.2.0");
    Path current = root.resolve("current");
    if (Files.exists(current)) {
      assertThat(current.resolve("lib/gateway.jar"))
          .hasSameBinaryContentAs(folder.resolve("made-0.2.0/lib/gateway.jar"));
      assertThat(current.resolve("java.args")).content().endsWith("/lib/gateway.jar\n");
    }
    updater().settle();
    assertThat(updater().state().trial()).isEmpty();
    assertThat(gateway.version()).isEqualTo(updater().state().current());
    if (!good) {
      assertThat(gateway.version()).isEqualTo("0.1.0");
    }
  }
}
