package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.cli.ExitCode;
import io.verge.runtime.RunningGateway.Ran;
import io.verge.simulator.street.Recordings;
import io.verge.simulator.street.SimulatedClock;
import io.verge.simulator.street.Street;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A street's gateway, and what people, programs and the computer do to it. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadDaysTest {
  private static final String STATUS = "{\"v\":1,\"id\":1,\"do\":\"status\",\"args\":{}}\n";

  private final Street street =
      new Street(
          1,
          new SimulatedClock(System::nanoTime, System.currentTimeMillis(), 1),
          Recordings.none());
  private Path folder = Path.of("unset");
  private RunningGateway gateway;

  @SuppressWarnings("NullAway.Init") // JUnit fills in before any test
  BadDaysTest() {}

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    folder = temporary;
    street.open(folder);
    Path config = folder.resolve("gateway.toml");
    Files.writeString(config, street.configuration(folder, Street.PLAN, 10));
    gateway = new RunningGateway(config, folder.resolve("data"));
  }

  @AfterAll
  void end() throws Exception {
    gateway.close();
    street.close();
  }

  private Path socket() {
    return folder.resolve("verge.sock");
  }

  private Ran verge(String... words) {
    return RunningGateway.verge(socket(), InputStream.nullInputStream(), words);
  }

  /** All polls so far; a technician who is told that too many are there tries again. */
  private long polls() {
    Ran status = verge("status", "--json");
    while (status.code() == ExitCode.REFUSED) {
      status = verge("status", "--json");
    }
    return JsonParser.parseString(status.out())
        .getAsJsonObject()
        .getAsJsonArray("buses")
        .asList()
        .stream()
        .mapToLong(bus -> bus.getAsJsonObject().get("polls").getAsLong())
        .sum();
  }

  private void signal(String name) throws Exception {
    signal(name, gateway.pid());
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + pid).inheritIO().start().waitFor())
        .isZero();
  }

  /** Takes from the superuser what lets him pass over permissions; others have none of it. */
  private static List<String> withoutPrivileges() throws IOException {
    Path proc = Path.of("/proc/self");
    boolean isRoot = Files.getAttribute(proc, "unix:uid").equals(0);
    assumeTrue(!isRoot || Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv as root");
    return isRoot
        ? List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
        : List.of();
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  @Test
  void ofTwoOverridesOfALampTheLaterHolds() throws Exception {
    CompletableFuture<Ran> other =
        CompletableFuture.supplyAsync(() -> verge("lamp", "lamp-02", "30%"));
    Ran mine = verge("lamp", "lamp-02", "70%");
    assertThat(mine.code()).as(mine.out() + mine.err()).isZero();
    assertThat(other.get().code()).as(other.get().out() + other.get().err()).isZero();
    List<JsonObject> commands =
        verge("commands", "--json")
            .out()
            .lines()
            .map(line -> JsonParser.parseString(line).getAsJsonObject())
            .filter(command -> command.get("target").getAsString().equals("lamp-02"))
            .toList();
    String later =
        commands.get(commands.size() - 1).getAsJsonObject("args").get("level").getAsString();
    assertThat(street.levels()[1]).isEqualTo(Integer.parseInt(later));
  }

  @Test
  void ofTwoAcceptanceTestsInOneFileTheSecondIsTurnedAway() {
    String report = folder.resolve("accepted.html").toString();
    String[] line = {"commission", "bin-01", "--report", report};
    Ran[] second = new Ran[1];
    InputStream answers =
        new InputStream() {
          private final byte[] leave = "q\n".getBytes(StandardCharsets.US_ASCII);
          private int at;

          @Override
          public int read() {
            if (at == 0) {
              second[0] = verge(line);
            }
            return at < leave.length ? leave[at++] : -1;
          }
        };
    Ran first = RunningGateway.verge(socket(), answers, line);
    assertThat(first.out()).as(first.err()).contains("The same command goes on here");
    assertThat(second[0].code()).isEqualTo(ExitCode.REFUSED);
    assertThat(second[0].err()).contains("under way").contains("accepted.html");
    assertThat(verge("commission", "lamp-03", "--yes", "--report", report).code())
        .as("it is free again")
        .isNotEqualTo(ExitCode.REFUSED);
    assertThat(folder.resolve("accepted.html.json.lock")).doesNotExist();
  }

  /** Connects until nobody can any more. */
  private static void fill(Path deaf, List<SocketChannel> waiting) throws IOException {
    boolean hasRoom = true;
    while (hasRoom) {
      SocketChannel one = SocketChannel.open(StandardProtocolFamily.UNIX);
      waiting.add(one);
      one.configureBlocking(false);
      try {
        hasRoom = one.connect(UnixDomainSocketAddress.of(deaf));
      } catch (SocketException full) {
        hasRoom = false;
      }
    }
    assertThat(waiting).hasSizeGreaterThan(1);
  }

  @Test
  void aGatewayThatHangsIsFoundOutByEveryKindOfCommand() throws Exception {
    Path deaf = folder.resolve("deaf.sock");
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocketChannel full = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      full.bind(UnixDomainSocketAddress.of(deaf), 1);
      fill(deaf, waiting);
      signal("STOP");
      List<CompletableFuture<Ran>> asked = new ArrayList<>();
      for (String line : List.of("status", "read lamp-02", "events --follow", "metrics")) {
        asked.add(CompletableFuture.supplyAsync(() -> verge(line.split(" "))));
      }
      Ran crowded = RunningGateway.verge(deaf, InputStream.nullInputStream(), "status");
      assertThat(crowded.code()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(crowded.err()).contains("too many wait there already");
      for (CompletableFuture<Ran> one : asked) {
        assertThat(one.get().code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(one.get().err()).contains("says nothing for 10 s").contains("systemctl");
      }
    } finally {
      signal("CONT");
      for (SocketChannel one : waiting) {
        one.close();
      }
    }
    assertThat(verge("status").code()).isIn(ExitCode.DONE, ExitCode.WRONG);
  }

  @Test
  void whoAsksAGatewayThatStartsIsToldSo(@TempDir Path elsewhere) throws Exception {
    Path config = elsewhere.resolve("gateway.toml");
    Path socket = elsewhere.resolve("verge.sock");
    Files.writeString(config, "[site]\ngateway = \"gw-2\"\n[local]\nsocket = \"" + socket + "\"\n");
    String[] line = {
      "run", "--config", config.toString(), "--data", elsewhere.resolve("data").toString()
    };
    Process process = new ProcessBuilder(RunningGateway.line(List.of(), line)).inheritIO().start();
    try {
      Path mark = elsewhere.resolve("verge.sock.starting");
      while (!Files.exists(mark) && !Files.exists(socket)) {
        Thread.onSpinWait();
      }
      signal("STOP", process.pid());
      assumeTrue(Files.exists(mark) && !Files.exists(socket), "it was ready before it was stopped");
      Ran status = RunningGateway.verge(socket, InputStream.nullInputStream(), "status");
      assertThat(status.code()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(status.err()).contains("is starting", "Ask again");
      process.destroyForcibly().waitFor();
      status = RunningGateway.verge(socket, InputStream.nullInputStream(), "status");
      assertThat(status.err()).contains("is not running").doesNotContain("starting");
      try (RunningGateway ready = new RunningGateway(config, elsewhere.resolve("data"))) {
        assertThat(ready.pid()).isPositive();
        assertThat(mark).doesNotExist();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whoMayNotOpenTheSocketIsToldTheGroup() throws Exception {
    mode(socket(), "---------");
    try {
      Ran ran =
          RunningGateway.process(withoutPrivileges(), "status", "--socket", socket().toString());
      assertThat(ran.code()).as(ran.err()).isEqualTo(ExitCode.UNREACHABLE);
      assertThat(ran.err()).contains("you may not open").contains("usermod -aG verge");
    } finally {
      mode(socket(), "rw-rw----");
    }
  }

  @Test
  void whatMayNotBeReadOrWrittenIsNamed() throws Exception {
    Path config = Files.copy(folder.resolve("gateway.toml"), folder.resolve("secret.toml"));
    mode(config, "---------");
    Ran check = RunningGateway.process(withoutPrivileges(), "config", "check", config.toString());
    assertThat(check.code()).isEqualTo(ExitCode.USAGE);
    assertThat(check.out() + check.err()).contains("secret.toml").contains("cannot be read");
    mode(config, "rw-------");
    Ran run =
        RunningGateway.process(
            withoutPrivileges(), "run", "--config", "/", "--data", folder.resolve("d").toString());
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("verge: ").doesNotContain("\tat ");
  }

  private Path alone(Path where) throws IOException {
    return Files.writeString(
        where.resolve("gateway.toml"),
        """
        [site]
        gateway = "gw-7"
        [local]
        socket = "verge.sock"
        """);
  }

  /** Rather without a store than without light; and everybody who looks is told. */
  @Test
  void aFolderThatMayNotBeWrittenIsTheFirstThingStatusTells() throws Exception {
    Path home = Files.createDirectory(folder.resolve("home"));
    Path config = alone(home);
    Path data = Files.createDirectory(home.resolve("data"));
    mode(data, "r-x------");
    try (RunningGateway other = new RunningGateway(withoutPrivileges(), config, data)) {
      Ran status =
          RunningGateway.verge(home.resolve("verge.sock"), InputStream.nullInputStream(), "status");
      assertThat(status.code()).isEqualTo(ExitCode.WRONG);
      assertThat(status.out())
          .contains("store: the store lives in memory")
          .contains("systemctl restart verge")
          .contains("permission denied");
      Ran apply =
          RunningGateway.verge(
              home.resolve("verge.sock"),
              InputStream.nullInputStream(),
              "config",
              "apply",
              Files.writeString(home.resolve("two.toml"), Files.readString(config) + "[time]\n")
                  .toString());
      assertThat(apply.code()).isEqualTo(ExitCode.WRONG);
      assertThat(apply.err()).contains("nothing was changed").contains("permission denied");
    } finally {
      mode(data, "rwx------");
    }
  }

  @Test
  void whatIsPrintedOntoAFullDiskIsNotTakenForDone() throws Exception {
    for (String words : List.of("metrics", "status --json", "version")) {
      List<String> line = new ArrayList<>(List.of(words.split(" ")));
      if (!words.equals("version")) {
        line.addAll(List.of("--socket", socket().toString()));
      }
      Process process =
          new ProcessBuilder(RunningGateway.line(List.of(), line.toArray(new String[0])))
              .redirectOutput(Path.of("/dev/full").toFile())
              .start();
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(words + err).isEqualTo(ExitCode.WRONG);
      assertThat(err).contains("not whole").contains("No space left");
    }
  }

  /** A small disk in memory, seen by the gateway only; needs the right to mount. */
  @Test
  void onAFullDiskNothingIsChangedAndItGoesOnWhenThereIsRoom() throws Exception {
    assumeTrue(
        new ProcessBuilder("unshare", "-m", "true")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor()
            == 0,
        "needs the right to mount");
    Path home = Files.createDirectory(folder.resolve("small"));
    Path config = alone(home);
    Path data = Files.createDirectory(home.resolve("data"));
    String[] apply = {
      "config",
      "apply",
      Files.writeString(home.resolve("two.toml"), Files.readString(config) + "[time]\n").toString(),
      "--by-hand"
    };
    String mount = "mount -t tmpfs -o size=4m small " + data + " && exec \"$@\"";
    try (RunningGateway small =
        new RunningGateway(List.of("unshare", "-m", "bash", "-c", mount, "bash"), config, data)) {
      Path filler = Path.of("/proc/" + small.pid() + "/root" + data + "/filler");
      try (OutputStream out = Files.newOutputStream(filler)) {
        byte[] block = new byte[4096];
        while (true) {
          out.write(block);
        }
      } catch (IOException full) {
        assertThat(full).hasMessageContaining("No space left");
      }
      Path at = home.resolve("verge.sock");
      Ran refused = RunningGateway.verge(at, InputStream.nullInputStream(), apply);
      assertThat(refused.code()).as(refused.out()).isEqualTo(ExitCode.WRONG);
      assertThat(refused.err()).contains("nothing was changed").contains("No space left");
      Files.delete(filler);
      Ran applied = RunningGateway.verge(at, InputStream.nullInputStream(), apply);
      assertThat(applied.code()).as(applied.err()).isZero();
    }
  }

  /** Garbage, half requests, requests without end, and answers that nobody reads. */
  @Test
  void rudeClientsDoNotStopTheStreet() throws Exception {
    AtomicBoolean goesOn = new AtomicBoolean(true);
    List<CompletableFuture<Void>> rude = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int kind = i;
      rude.add(CompletableFuture.runAsync(() -> pester(kind, goesOn)));
    }
    List<SocketChannel> silent = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        SocketChannel half = SocketChannel.open(UnixDomainSocketAddress.of(socket()));
        half.write(ByteBuffer.wrap(STATUS.substring(0, 20).getBytes(StandardCharsets.US_ASCII)));
        silent.add(half);
      }
      long before = polls();
      for (long now = before; now < before + 100; now = polls()) {
        assertThat(now).isGreaterThanOrEqualTo(before);
      }
      Ran lamp = verge("lamp", "lamp-05", "45%");
      while (lamp.code() == ExitCode.REFUSED) {
        lamp = verge("lamp", "lamp-05", "45%");
      }
      assertThat(lamp.code()).as(lamp.out() + lamp.err()).isZero();
      assertThat(street.levels()[4]).isEqualTo(45);
    } finally {
      goesOn.set(false);
      for (SocketChannel one : silent) {
        one.close();
      }
    }
    for (CompletableFuture<Void> one : rude) {
      one.get();
    }
  }

  private void pester(int kind, AtomicBoolean goesOn) {
    Random random = new Random(kind);
    byte[] noise = new byte[4096];
    while (goesOn.get()) {
      try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
        channel.configureBlocking(false);
        for (int i = 0; i < 200 && goesOn.get(); i++) {
          random.nextBytes(noise);
          channel.write(
              ByteBuffer.wrap(
                  kind % 2 == 0 ? noise : STATUS.repeat(50).getBytes(StandardCharsets.US_ASCII)));
        }
      } catch (IOException droppedAsItShould) {
        continue;
      }
    }
  }
}
