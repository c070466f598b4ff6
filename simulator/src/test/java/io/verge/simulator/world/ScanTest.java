package io.verge.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.DriverFactory;
import io.verge.runtime.ScanCommand;
import io.verge.simulator.device.A02Wire;
import io.verge.simulator.device.AtxWire;
import io.verge.simulator.device.CalmLine;
import io.verge.simulator.device.Cjt188Wire;
import io.verge.simulator.device.DaliGears;
import io.verge.simulator.device.Dlt645Wire;
import io.verge.simulator.device.LubaWire;
import io.verge.simulator.device.MbusMeter;
import io.verge.simulator.device.MbusWire;
import io.verge.simulator.device.ModbusWire;
import io.verge.simulator.device.RelayBoard;
import io.verge.simulator.device.SciWire;
import io.verge.simulator.device.Sdm120;
import io.verge.simulator.device.Sds011Wire;
import io.verge.simulator.device.Wire;
import io.verge.simulator.gpio.LineBoard;
import io.verge.simulator.gpio.LinesProvider;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import io.verge.transport.serial.SerialProvider;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code verge scan}: the real command and the real bus, on lines in simulated time. Over real
 * ports it is run by {@code ScanPathTest} and {@code packaging/acceptance/scan}.
 */
class ScanTest {
  @TempDir private Path folder = Path.of("unset");

  private int ports;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void twentyMixedMetersAreFoundBySecondaryAddress() throws Exception {
    MbusWire wire = new MbusWire();
    List<String> expected = mixed(wire);
    assertThat(scanned(wire, 2400, "--mbus")).as(text(err)).isZero();
    for (String secondary : expected) {
      assertThat(text(out)).contains("secondary = \"" + secondary + "\"");
    }
    assertThat(text(out).split("\\[\\[bus.device]]", -1)).hasSize(21);
    assertThat(text(out)).contains("baud=2400&format=8E1").contains("volume 10 m3");
  }

  private static List<String> mixed(MbusWire wire) {
    Random random = new Random(20);
    List<String> expected = new ArrayList<>();
    int[] makers = {0x1EE6, 0x2324, 0x4024, 0x11A5};
    int[] media = {0x07, 0x16, 0x06, 0x04, 0x02};
    for (int i = 0; i < 20; i++) {
      // Half of them from one lot: their numbers differ in the last digits only.
      int number = i < 10 ? 16_357_550 + i * 3 : random.nextInt(100_000_000);
      int maker = makers[i % 4];
      int medium = media[i % 5];
      double total = 10 + i;
      wire.put(MbusMeter.unaddressed(number, maker, i, medium, () -> total));
      expected.add(
          String.format("%08d%02X%02X%02X%02X", number, maker & 0xFF, maker >> 8, i, medium));
    }
    return expected;
  }

  @Test
  void oldMetersThatHearNoSelectionAreFoundByTheirAddress() throws Exception {
    MbusWire wire = new MbusWire();
    wire.put(MbusMeter.old(1, 12_345_678, () -> 0.135));
    wire.put(MbusMeter.old(250, 87_654_321, () -> 1234.5));
    wire.put(MbusMeter.water(7, 11_112_222, () -> 42, () -> 0.5));
    wire.put(MbusMeter.unaddressed(33_334_444, 0x11A5, 2, 4, () -> 5));
    assertThat(scanned(wire, 2400, "--mbus")).as(text(err)).isZero();
    assertThat(text(out))
        .contains(
            "address 1  number 12345678, medium water, data fixed structure, address 1",
            "volume 0.135 m3",
            "asset = \"meter-12345678\"\ndriver = \"mbus\"\naddress = 1\n",
            "asset = \"meter-87654321\"\ndriver = \"mbus\"\naddress = 250\n",
            "volume 1234.500 m3",
            "secondary = \"11112222B6590107\"",
            "secondary = \"33334444A5110204\"");
    assertThat(text(out).split("\\[\\[bus.device]]", -1)).hasSize(5);
  }

  @Test
  void twoMetersAtOneAddressAreReported() throws Exception {
    MbusWire wire = new MbusWire();
    wire.put(MbusMeter.old(5, 12_345_678, () -> 1));
    wire.put(MbusMeter.old(5, 55_556_666, () -> 2));
    assertThat(scanned(wire, 2400, "--mbus")).isEqualTo(1);
    assertThat(text(err)).contains("note: address 5 acknowledges, but gives no data: two meters");
  }

  @Test
  void theSpeedOfAModbusBusIsFoundWithItsDevices() throws Exception {
    ModbusWire wire = new ModbusWire();
    wire.put(1, new Sdm120(() -> 100, () -> 5));
    wire.put(17, new Sdm120(() -> 200, () -> 6));
    wire.put(200, new RelayBoard());
    wire.put(247, new Sdm120(() -> 300, () -> 7));
    assertThat(scanned(wire, 115_200, "--modbus")).as(text(err)).isZero();
    assertThat(text(out))
        .contains("address 1  looks like", "address 17  looks like", "address 247  looks like")
        .contains("baud=115200&format=8N1")
        .contains("profile = \"sdm120\"\naddress = 17")
        .contains("address 200  looks like a board of relays", "coils 0..7: 00")
        .contains("profile = \"waveshare-relay\"   # if its relays are coils 0..7\naddress = 200");
    assertThat(text(err)).contains("0 devices at").contains("4 devices at");
  }

  @Test
  void metersOfCjt188AreToldApartByTheirAddress() throws Exception {
    Cjt188Wire wire = new Cjt188Wire();
    wire.put(new Cjt188Wire.Meter(33_000_000_000_001L, true, () -> 12.34));
    wire.put(new Cjt188Wire.Meter(33_000_000_000_102L, true, () -> 56.78));
    wire.put(new Cjt188Wire.Meter(33_000_000_000_203L, false, () -> 9.1));
    assertThat(scanned(wire, 9600, "--cjt188")).as(text(err)).isZero();
    assertThat(text(out))
        .contains("address = \"33000000000001\"", "volume 12.34 m3")
        .contains("address = \"33000000000102\"", "volume 56.78 m3")
        .contains("address = \"33000000000203\"", "volume 9.10 m3")
        .contains("DI LE");
    assertThat(text(out).split("\\[\\[bus.device]]", -1)).hasSize(4);
  }

  @Test
  void oneMeterOfDlt645IsFoundAtOnceWithItsSpeed() throws Exception {
    Dlt645Wire wire = new Dlt645Wire(160_001);
    wire.put(0x00010000, new Dlt645Wire.Value(() -> 123_456, 4));
    assertThat(scanned(wire, 9600, "--dlt645")).as(text(err)).isZero();
    assertThat(text(out))
        .contains("address = \"000000160001\"", "edition = \"2007\"")
        .contains("energy forward 1234.56 kWh", "baud=9600&format=8E1");
  }

  @Test
  void gearIsFoundBehindEachMaster() throws Exception {
    DaliGears gears = new DaliGears();
    DaliGears.Gear lit = new DaliGears.Gear();
    lit.follow(() -> 200);
    gears.put(0, lit);
    gears.put(63, new DaliGears.Gear());
    assertThat(scanned(new SciWire(gears), 38_400, "--dali")).as(text(err)).isZero();
    assertThat(text(out))
        .contains("master = \"sci\"\naddress = 0", "master = \"sci\"\naddress = 63")
        .contains("arc level 200");
    out.reset();
    assertThat(scanned(new AtxWire(gears), 19_200, "--dali")).as(text(err)).isZero();
    assertThat(text(out)).contains("master = \"atx\"\naddress = 63", "baud=19200&format=8N1");
    out.reset();
    assertThat(scanned(new LubaWire(gears), 38_400, "--dali")).isZero();
    assertThat(text(out)).contains("master = \"luba\"\naddress = 63");
  }

  @Test
  void sensorsAreKnownByWhatTheySay() throws Exception {
    assertThat(scanned(new A02Wire(() -> 1234), 0, "--listen")).as(text(err)).isZero();
    assertThat(text(out)).contains("driver = \"a02\"", "distance 1234 mm");
    assertThat(text(out).split("\\[\\[bus.device]]", -1)).hasSize(2);
    out.reset();
    assertThat(scanned(new Sds011Wire(7, () -> 12.5, () -> 30), 0, "--listen")).isZero();
    assertThat(text(out)).contains("driver = \"sds011\"", "pm25 12.5 ug/m3");
  }

  @Test
  void theLinesOfAChipAreListedWithWhoHoldsThem() throws Exception {
    LineBoard board = new LineBoard(() -> 0, 4, 0);
    board.hold(2);
    LinesProvider lines = new LinesProvider(Map.of("cabinet", board));
    assertThat(scan(Path.of("sim-gpio"), lines)).as(text(err)).isZero();
    assertThat(text(out))
        .contains("cabinet  simulated board, 4 lines")
        .contains("    1  LINE1            input   free")
        .contains("    2  LINE2            input   held by 'verge'")
        .contains("port = \"sim-gpio:cabinet\"");
    out.reset();
    assertThat(scan(Path.of("sim-gpio:cabinet"), lines, "--json")).isZero();
    assertThat(text(out)).contains("\"line\":2,\"name\":\"LINE2\"").contains("\"used\":true");
    assertThat(scan(Path.of("sim-gpio:cellar"), lines)).isEqualTo(1);
    assertThat(text(err)).contains("no GPIO chip is called cellar");
    board.unplug();
    assertThat(scan(Path.of("sim-gpio"), lines)).isEqualTo(1);
  }

  @Test
  void whatCannotBeSearchedIsSaid() throws Exception {
    assertThat(scan(folder.resolve("none"), "--mbus")).isEqualTo(1);
    assertThat(text(err)).contains("does not exist");
    assertThat(scan(folder.resolve("none"))).isEqualTo(2);
    assertThat(scan(Path.of("gpio:gpiochip0"), "--modbus")).isEqualTo(2);
    assertThat(scan(folder, "--modbus", "--timeout", "1")).isEqualTo(2);
  }

  private int scanned(Wire wire, int baud, String... options) throws Exception {
    Path port = Files.createFile(folder.resolve("port-" + ++ports));
    return scan(port, new Tuned(wire, baud), options);
  }

  private int scan(Path port, String... options) {
    return scan(port, new SerialProvider(), options);
  }

  private int scan(Path port, TransportProvider provider, String... options) {
    List<DriverFactory> factories =
        ServiceLoader.load(DriverFactory.class).stream().map(ServiceLoader.Provider::get).toList();
    List<String> args = new ArrayList<>(List.of(port.toString()));
    args.addAll(List.of(options));
    args.addAll(List.of("--socket", folder.resolve("no.sock").toString()));
    return new CommandLine(
            new ScanCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                factories,
                List.of(provider),
                new VirtualTime(World.BEGIN_UTC_MS)))
        .setErr(new java.io.PrintWriter(err, true, StandardCharsets.UTF_8))
        .execute(args.toArray(new String[0]));
  }

  /**
   * Serial ports with this wire behind them.
   *
   * @param baud the only speed its devices understand; 0: any.
   */
  private record Tuned(Wire wire, int baud) implements TransportProvider {
    @Override
    public String scheme() {
      return "serial";
    }

    @Override
    public boolean hasLines() {
      return false;
    }

    @Override
    public List<String> check(PortUri uri) {
      return List.of();
    }

    @Override
    public ByteTransport open(PortUri uri, Ticker ticker) throws TransportException {
      int tried = Integer.parseInt(uri.options().getOrDefault("baud", "9600"));
      Wire heard = baud == 0 || baud == tried ? wire : new Deaf();
      return WireProvider.over(
              Map.of(uri.place(), new CalmLine(heard, 11 * 1_000_000_000L / tried)))
          .open(uri, ticker);
    }

    @Override
    public GpioChip openLines(PortUri uri, Ticker ticker) throws TransportException {
      throw new TransportException("no lines", false);
    }
  }

  /** Devices that are spoken to at another speed. */
  private static final class Deaf implements Wire {
    @Override
    public byte[] received(byte[] bytes, long nanos) {
      return new byte[0];
    }

    @Override
    public byte[] spontaneous(long nanos) {
      return new byte[0];
    }

    @Override
    public long served() {
      return 0;
    }
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
