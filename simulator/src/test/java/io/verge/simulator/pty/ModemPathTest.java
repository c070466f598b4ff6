package io.verge.simulator.pty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.driver.DriverFactory;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.simulator.device.ModemWire;
import io.verge.time.SystemTicker;
import io.verge.transport.PortUri;
import io.verge.transport.serial.SerialProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modem driver against a modem written from the notes, over a real serial port and bus. */
class ModemPathTest {
  @TempDir private Path folder = Path.of("unset");

  @Test
  void aModemIsReadAndResetOverAPort() throws Exception {
    Path port = folder.resolve("modem");
    try (PtyServer server = new PtyServer()) {
      server.add(Pty.open(port), new ModemWire(), 115_200);
      server.start();
      PortUri uri = PortUri.parse("serial:" + port + "?baud=115200").orThrow();
      BusSettings settings = new BusSettings("modem", 300, 1, 50, false);
      try (ScanBus bus =
          ScanBus.open(
              settings, uri, new SerialProvider(), new SystemTicker(), (n, t, s, b) -> {})) {
        SerialDriver modem = driver(uri);
        Readout readout = modem.poll(bus.session());
        assertThat(readout.quality()).as(readout.why()).isEqualTo(Quality.GOOD);
        assertThat(readout.values())
            .containsExactly(-79, -90, -105, 5, 7, 26803, 268031234567890L, 861234567890123L);
        assertThat(readout.identity()).containsEntry("iccid", "8935101234567890123");
        assertThat(modem.execute(bus.session(), new Order("reset", Map.of())).state())
            .isEqualTo(Outcome.State.DONE);
      }
    }
  }

  private SerialDriver driver(PortUri port) throws Exception {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        "[site]\ngateway = \"gw-1\"\n[[bus]]\nname = \"d\"\nport = \""
            + port
            + "\"\n[[bus.device]]\nasset = \"modem\"\ndriver = \"at\"\n");
    List<DriverFactory> factories =
        ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    ConfigReader.Result read =
        new ConfigReader(factories, List.of(new SerialProvider()), Set.of()).read(file);
    assertThat(read.problems()).isEmpty();
    return (SerialDriver)
        Objects.requireNonNull(read.config()).buses().get(0).devices().get(0).create(null);
  }
}
