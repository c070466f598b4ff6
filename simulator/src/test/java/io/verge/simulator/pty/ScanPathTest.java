package io.verge.simulator.pty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.DriverFactory;
import io.verge.runtime.ScanCommand;
import io.verge.simulator.device.Dlt645Wire;
import io.verge.time.SystemTicker;
import io.verge.transport.serial.SerialProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code verge scan} on a pseudo-terminal: the real command, the real serial port. */
class ScanPathTest {
  @TempDir private Path folder = Path.of("unset");

  @Test
  void oneMeterOfDlt645IsFoundAtOnceWithItsSpeed() throws Exception {
    Dlt645Wire wire = new Dlt645Wire(160_001);
    wire.put(0x00010000, new Dlt645Wire.Value(() -> 123_456, 4));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<DriverFactory> factories =
        ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    Path port = folder.resolve("port");
    try (PtyServer server = new PtyServer()) {
      server.add(Pty.open(port), wire, 9600);
      server.start();
      int code =
          new CommandLine(
                  new ScanCommand(
                      new PrintStream(out, true, StandardCharsets.UTF_8),
                      new PrintStream(err, true, StandardCharsets.UTF_8),
                      factories,
                      List.of(new SerialProvider()),
                      new SystemTicker()))
              .execute(
                  port.toString(),
                  "--dlt645",
                  "--timeout",
                  "50",
                  "--socket",
                  folder.resolve("no.sock").toString());
      assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    }
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("address = \"000000160001\"", "edition = \"2007\"")
        .contains("energy forward 1234.56 kWh", "baud=9600&format=8E1");
  }
}
