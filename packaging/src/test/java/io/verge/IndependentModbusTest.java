package io.verge;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.config.ConfigReader;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.runtime.Found;
import io.verge.time.SystemTicker;
import io.verge.transport.PortUri;
import io.verge.transport.serial.SerialProvider;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our driver and bus before Modbus devices that others have written, over a pair of terminals. */
class IndependentModbusTest {
  private static final int UNIT = 17;

  @TempDir private Path folder = Path.of("unset");

  @Test
  void libmodbus() throws Exception {
    Path header = Path.of("/usr/include/modbus/modbus.h");
    assumeTrue(Files.exists(header), "libmodbus is not here: apt-get install libmodbus-dev gcc");
    assumeTrue(isThere("gcc"), "gcc is not here: apt-get install gcc");
    Path program = folder.resolve("device");
    Process compiler =
        new ProcessBuilder(
                "gcc",
                "-O1",
                "-I" + header.getParent(),
                "-o",
                program.toString(),
                resource("libmodbus_device.c").toString(),
                "-lmodbus")
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
    isReadAndWritten(program.toString());
  }

  @Test
  void pymodbus() throws Exception {
    Process probe = new ProcessBuilder("/usr/bin/python3", "-c", "import pymodbus.server").start();
    assumeTrue(
        probe.waitFor() == 0,
        "pymodbus is not here: apt-get install python3-pymodbus python3-serial-asyncio");
    isReadAndWritten("/usr/bin/python3", resource("pymodbus_device.py").toString());
  }

  private void isReadAndWritten(String... device) throws Exception {
    assumeTrue(isThere("socat"), "socat is not here: apt-get install socat");
    Path theirs = folder.resolve("theirs");
    Path ours = folder.resolve("ours");
    Process pair =
        new ProcessBuilder("socat", "pty,raw,echo=0,link=" + theirs, "pty,raw,echo=0,link=" + ours)
            .inheritIO()
            .start();
    Process peer = null;
    try {
      for (int i = 0; i < 500 && !(Files.exists(theirs) && Files.exists(ours)); i++) {
        assertThat(pair.waitFor(10, TimeUnit.MILLISECONDS)).as("socat has ended").isFalse();
      }
      List<String> line = new java.util.ArrayList<>(List.of(device));
      line.add(theirs.toString());
      peer = new ProcessBuilder(line).redirectError(folder.resolve("peer.log").toFile()).start();
      try (BufferedReader words = peer.inputReader(StandardCharsets.UTF_8)) {
        assertThat(words.readLine()).isEqualTo("ready");
        dialogue(ours);
      }
    } finally {
      pair.destroyForcibly().waitFor();
      if (peer != null) {
        peer.destroyForcibly().waitFor();
      }
    }
  }

  private void dialogue(Path port) throws Exception {
    PortUri uri = PortUri.parse("serial:" + port + "?baud=9600").orThrow();
    BusSettings settings = new BusSettings("peer", 1000, 1, 50, false);
    try (ScanBus bus =
        ScanBus.open(settings, uri, new SerialProvider(), new SystemTicker(), (n, t, s, b) -> {})) {
      Readout meter = driver(uri, "sdm120", UNIT).poll(bus.session());
      assertThat(meter.quality()).as(meter.why()).isEqualTo(Quality.GOOD);
      assertThat(meter.values())
          .containsExactly(2315, 1250, 2875, 3003, -125, 950, 5000, 123_450, 25, 123_475);
      SerialDriver lamp = driver(uri, "lamp-controller", UNIT);
      Outcome set = lamp.execute(bus.session(), new Order("set-level", Map.of("level", 40L)));
      assertThat(set.state()).as(set.why()).isEqualTo(Outcome.State.DONE);
      Readout refused = driver(uri, "iem3155", UNIT).poll(bus.session());
      assertThat(refused.quality()).as(refused.why()).isEqualTo(Quality.REFUSED);
      assertThat(refused.why()).contains("address");
    }
  }

  private SerialDriver driver(PortUri port, String profile, int unit) throws Exception {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        "[site]\ngateway = \"g\"\n[[bus]]\nname = \"b\"\nport = \""
            + port
            + "\"\n[[bus.device]]\nasset = \"a\"\ndriver = \"modbus\"\nprofile = \""
            + profile
            + "\"\naddress = "
            + unit
            + "\n");
    ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(file);
    assertThat(read.problems()).isEmpty();
    return (SerialDriver)
        requireNonNull(read.config()).buses().get(0).devices().get(0).create(null);
  }

  private static Path resource(String name) throws Exception {
    return Path.of(
        requireNonNull(IndependentModbusTest.class.getResource("/peers/" + name)).toURI());
  }

  private static boolean isThere(String program) throws Exception {
    return new ProcessBuilder("sh", "-c", "command -v " + program)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
