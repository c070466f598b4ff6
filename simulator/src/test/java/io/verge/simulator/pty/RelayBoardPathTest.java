package io.verge.simulator.pty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.driver.DriverFactory;
import io.verge.driver.Order;
import io.verge.driver.SerialDriver;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.RelayBoard;
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

/** Lamps on the relays of a board written from the notes, over a real serial port and bus. */
class RelayBoardPathTest {
  private static final String TABLES =
      """
      [site]
      gateway = "gw-1"
      [[bus]]
      name = "relays"
      port = "%s"
      [[bus.device]]
      asset = "lamp-3"
      driver = "modbus"
      profile = "waveshare-relay-lamp"
      address = 1
      channel = 3
      [[bus.device]]
      asset = "lamp-4"
      driver = "modbus"
      profile = "waveshare-relay-d-lamp"
      address = 1
      channel = 4
      contact = "nc"
      [[bus.device]]
      asset = "board"
      driver = "modbus"
      profile = "waveshare-io-8ch"
      address = 1
      """;

  @TempDir private Path folder = Path.of("unset");

  @Test
  void lampsAreSwitchedEachOnItsOwnRelay() throws Exception {
    RelayBoard board = new RelayBoard();
    ModbusWire wire = new ModbusWire();
    wire.put(1, board);
    Path port = folder.resolve("relays");
    try (PtyServer server = new PtyServer()) {
      server.add(Pty.open(port), wire, 9600);
      server.start();
      PortUri uri = PortUri.parse("serial:" + port + "?baud=9600").orThrow();
      BusSettings settings = new BusSettings("relays", 200, 1, 50, false);
      List<SerialDriver> drivers = drivers(uri);
      try (ScanBus bus =
          ScanBus.open(
              settings, uri, new SerialProvider(), new SystemTicker(), (n, t, s, b) -> {})) {
        // Nothing has pulled: what is on the contact that opens burns.
        assertThat(drivers.get(0).poll(bus.session()).values()).containsExactly(0);
        assertThat(drivers.get(1).poll(bus.session()).values()).containsExactly(100, 0);
        for (int lamp = 0; lamp < 2; lamp++) {
          long level = lamp == 0 ? 100 : 0;
          Outcome outcome =
              drivers
                  .get(lamp)
                  .execute(bus.session(), new Order("set-level", Map.of("level", level)));
          assertThat(outcome.state()).as(outcome.why()).isEqualTo(Outcome.State.DONE);
        }
        assertThat(drivers.get(0).poll(bus.session()).values()).containsExactly(100);
        assertThat(drivers.get(1).poll(bus.session()).values()).containsExactly(0, 1);
        assertThat(drivers.get(2).poll(bus.session()).values()).containsExactly(0x0C, 0x0C);
        Outcome all =
            drivers
                .get(2)
                .execute(bus.session(), new Order("set-outputs", Map.of("outputs", 0x81L)));
        assertThat(all).isEqualTo(Outcome.done(Map.of("outputs", 0x81L)));
        assertThat(drivers.get(2).poll(bus.session()).quality()).isEqualTo(Quality.GOOD);
        assertThat(board.coil(0)).isEqualTo(1);
        assertThat(board.coil(2)).isZero();
      }
    }
  }

  private List<SerialDriver> drivers(PortUri port) throws Exception {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(file, String.format(TABLES, port));
    List<DriverFactory> factories =
        ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    ConfigReader.Result read =
        new ConfigReader(factories, List.of(new SerialProvider()), Set.of()).read(file);
    assertThat(read.problems()).isEmpty();
    return Objects.requireNonNull(read.config()).buses().get(0).devices().stream()
        .map(device -> (SerialDriver) Objects.requireNonNull(device.create(null)))
        .toList();
  }
}
