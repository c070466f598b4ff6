package io.verge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Checksums;
import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModbusDriverTest {
  private static final int UNIT = 17;

  /** Lamp at 230.1 V, 351 mA, 80.2 W, 60 %, no fault, 1234.56 kWh, 65,537 h. */
  private static final String LAMP = "04 12 08FD 015F 0322 003C 0000 0001E240 00010001";

  private final ModbusDriverFactory factory = new ModbusDriverFactory();

  @Test
  void aLampIsOneRead() throws BusException {
    ScriptedBus bus = new ScriptedBus().on(frame("04 0000 0009"), frame(LAMP));
    Readout readout = driver("lamp-controller").poll(bus);
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(802, 60, 2301, 351, 123456, 65537, 0);
    assertThat(readout.pointQuality()).isNull();
    assertThat(bus.requests()).hasSize(1);
  }

  @Test
  void theStreetsPointsAreThoseOfTheProfiles() {
    assertThat(driver("lamp-controller").points())
        .extracting(PointType::name)
        .containsExactly("power", "level", "voltage", "current", "energy", "hours", "faults");
    assertThat(driver("sdm120").points()).hasSize(10).extracting("unit").contains("VA", "var");
    assertThat(driver("flow-meter").points()).extracting("decimals").containsExactly(3, 3, 0);
    assertThat(driver("lamp-controller").operations()).containsExactly("set-level");
    assertThat(driver("sdm120").operations()).isEmpty();
    TableSettings device = TableSettings.of("address = 17");
    assertThat(factory.typeName(device, TableSettings.profile("sdm120"))).isEqualTo("cabinet");
    assertThat(factory.lane(device, TableSettings.profile("sdm120"))).isEqualTo(Lane.METER);
    assertThat(factory.lane(device, TableSettings.profile("lamp-controller")))
        .isEqualTo(Lane.TELEMETRY);
    assertThat(factory.place(device)).isEqualTo("address 17");
  }

  @Test
  void anElectricityMeterIsTwoReads() throws BusException {
    // The SDM120 manual's own example: 43 66 33 34 is 230.2 V (protocol section 1.2).
    String answer = "04 98 43663334" + "00000000".repeat(2) + "3F800000" + "00000000".repeat(34);
    ScriptedBus bus =
        new ScriptedBus()
            .on(frame("04 0000 004C"), frame(answer))
            .on(frame("04 0156 0002"), frame("04 04 42F6E979"));
    Readout readout = driver("sdm120").poll(bus);
    assertThat(readout.why()).isEmpty();
    assertThat(readout.values()).containsExactly(2302, 1000, 0, 0, 0, 0, 0, 0, 0, 12346);
    assertThat(bus.requests()).hasSize(2);
  }

  @Test
  void aRefusedReadCostsOnlyItsPoints() throws BusException {
    ScriptedBus bus =
        new ScriptedBus()
            .on(frame("04 0000 004C"), frame("84 02"))
            .on(frame("04 0156 0002"), frame("04 04 42F6E979"));
    Readout readout = driver("sdm120").poll(bus);
    byte refused = (byte) Quality.REFUSED.code();
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.pointQuality())
        .containsExactly(
            refused, refused, refused, refused, refused, refused, refused, refused, refused, 0);
    assertThat(readout.values()[9]).isEqualTo(12346);
    assertThat(readout.values()[0]).isEqualTo(Sample.NONE);
    assertThat(readout.why()).isEqualTo("illegal data address to function 4 of 76 at 0");
  }

  @Test
  void silenceNoiseAndRefusalAreSaid() throws BusException {
    assertThat(driver("lamp-controller").poll(new ScriptedBus()).quality())
        .isEqualTo(Quality.TIMEOUT);
    ScriptedBus noise =
        new ScriptedBus().on(Hex.plain(frame("04 0000 0009")), "11 04 12 08 FD", "FF EF");
    assertThat(driver("lamp-controller").poll(noise).quality()).isEqualTo(Quality.GARBLED);
    ScriptedBus busy = new ScriptedBus().on(frame("04 0000 0009"), frame("84 06"));
    Readout refused = driver("lamp-controller").poll(busy);
    assertThat(refused.quality()).isEqualTo(Quality.REFUSED);
    assertThat(refused.why()).startsWith("device busy");
    assertThat(refused.values()).containsOnly(Sample.NONE);
  }

  @Test
  void silenceInTheMiddleEndsThePoll() throws BusException {
    ScriptedBus bus =
        new ScriptedBus().on(frame("04 0000 004C"), frame("04 98" + "00000000".repeat(38)));
    Readout readout = driver("sdm120").poll(bus);
    assertThat(readout.pointQuality())
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, Quality.TIMEOUT.code());
    assertThat(readout.why()).isEqualTo("no answer to function 4 of 2 at 342");
  }

  @ParameterizedTest(name = "{0} {1} 10^{2} to {3} decimals from {4}: {5}")
  @CsvSource({
    "u16, abcd, 0, 0, FFFF, 65535",
    "s16, abcd, -1, 1, FFFF, -1",
    "s16, badc, 0, 0, 34F2, -3532",
    "u32, abcd, 0, 0, 12345678, 305419896",
    "u32, cdab, 0, 0, 56781234, 305419896",
    "u32, badc, 0, 0, 34127856, 305419896",
    "u32, dcba, 0, 0, 78563412, 305419896",
    "u32, abcd, 0, 0, FFFFFFFF, 4294967295",
    "s32, cdab, -3, 3, FFFEFFFF, -2",
    "u64, abcd, -3, 3, 00000000000003E8, 1000",
    "u64, cdab, 0, 0, 03E8000000000000, 1000",
    "u64, abcd, 0, 0, FFFFFFFFFFFFFFFF, none",
    "u64, abcd, 9, 0, 7FFFFFFFFFFFFFFF, none",
    "s64, abcd, 0, 0, FFFFFFFFFFFFFFFE, -2",
    "s64, cdab, -3, 3, FC18FFFFFFFFFFFF, -1000",
    "s64, abcd, 0, 0, 8000000000000000, none",
    "f64, abcd, 0, 1, 406CC66666666666, 2302",
    "f64, cdab, 0, 1, 66666666C666406C, 2302",
    "f64, dcba, 0, 1, 6666666666C66C40, 2302",
    "f64, abcd, 0, 0, 7FF0000000000000, none",
    "f64, abcd, 0, 0, 7FEFFFFFFFFFFFFF, none",
    "u16, abcd, -2, 0, 0095, 1",
    "u16, abcd, -2, 0, 0096, 2",
    "s16, abcd, -2, 0, FF6A, -2",
    "u16, abcd, 3, 0, 0002, 2000",
    "f32, abcd, 0, 1, 43663334, 2302",
    "f32, cdab, 0, 1, 33344366, 2302",
    "f32, dcba, 0, 1, 34336643, 2302",
    "f32, abcd, 3, 0, C0200000, -2500",
    "f32, abcd, 0, 3, 80000000, 0",
    "f32, abcd, 0, 3, 00000001, 0",
    "f32, abcd, 0, 3, 7FC00000, none",
    "f32, abcd, 0, 3, FF800000, none",
    "f32, abcd, 0, 3, 7F7FFFFF, none",
  })
  void numbersAreScaledWithoutLoss(
      String as, String order, int exponent, int decimals, String registers, String expected)
      throws BusException {
    ModbusDriver driver =
        driver(
            TableSettings.of(
                String.join(
                    "\n",
                    "type = 'probe'",
                    "[[points]]",
                    "name = 'x'",
                    "table = 'holding'",
                    "register = 7",
                    "as = '" + as + "'",
                    "order = '" + order + "'",
                    "exponent = " + exponent,
                    "decimals = " + decimals)));
    int words = registers.length() / 4;
    ScriptedBus bus =
        new ScriptedBus()
            .on(
                frame("03 0007 000" + words),
                frame(String.format("03 %02X %s", 2 * words, registers)));
    Readout readout = driver.poll(bus);
    boolean none = expected.equals("none");
    assertThat(readout.values()).containsExactly(none ? Sample.NONE : Long.parseLong(expected));
    assertThat(readout.quality()).isEqualTo(none ? Quality.SUSPECT : Quality.GOOD);
  }

  @Test
  void aLevelIsSetAndReadBack() throws BusException {
    ScriptedBus bus =
        new ScriptedBus()
            .on(frame("06 0000 0028"), frame("06 0000 0028"))
            .on(frame("03 0000 0001"), frame("03 02 0028"));
    Outcome outcome = driver("lamp-controller").execute(bus, level(40L));
    assertThat(outcome).isEqualTo(Outcome.done(Map.of("level", 40L)));
  }

  @Test
  void aLostWriteAnswerIsSettledByTheReadBack() throws BusException {
    ScriptedBus bus = new ScriptedBus().on(frame("03 0000 0001"), frame("03 02 0028"));
    assertThat(driver("lamp-controller").execute(bus, level(40L)).state())
        .isEqualTo(Outcome.State.DONE);
  }

  @Test
  void whatTheDeviceDidNotDoIsNotDone() throws BusException {
    ScriptedBus stubborn =
        new ScriptedBus()
            .on(frame("06 0000 0028"), frame("06 0000 0028"))
            .on(frame("03 0000 0001"), frame("03 02 0064"));
    Outcome outcome = driver("lamp-controller").execute(stubborn, level(40L));
    assertThat(outcome.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(outcome.why()).isEqualTo("level 40 was sent, the device holds 100");
    ScriptedBus refusing = new ScriptedBus().on(frame("06 0000 0028"), frame("86 03"));
    assertThat(driver("lamp-controller").execute(refusing, level(40L)).why())
        .isEqualTo("illegal data value to the write");
    assertThat(driver("lamp-controller").execute(new ScriptedBus(), level(40L)).state())
        .isEqualTo(Outcome.State.FAILED);
  }

  @Test
  void impossibleOrdersReachNoWire() throws BusException {
    ScriptedBus bus = new ScriptedBus();
    for (Object level : new Object[] {101L, -1L, "40", true}) {
      assertThat(driver("lamp-controller").execute(bus, level(level)).state())
          .isEqualTo(Outcome.State.REJECTED);
    }
    assertThat(driver("lamp-controller").execute(bus, new Order("set-level", Map.of())).state())
        .isEqualTo(Outcome.State.REJECTED);
    assertThat(driver("sdm120").execute(bus, level(40L)).state()).isEqualTo(Outcome.State.REJECTED);
    assertThat(bus.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lamp-controller", "sdm120", "flow-meter"})
  void everyProfileIsListedAndComplete(String name) throws java.io.IOException {
    TableSettings profile = TableSettings.profile(name);
    assertThat(factory.create(TableSettings.of("address = 17"), profile, null)).isNotNull();
    assertThat(profile.problems()).isEmpty();
    try (var index = getClass().getResourceAsStream("/profiles/index")) {
      assertThat(new String(index.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines())
          .contains(name);
    }
  }

  @Test
  void everyMistakeOfAProfileIsReported() {
    TableSettings profile =
        TableSettings.of(
            """
            lane = "meter"
            [[points]]
            name = "Volume"
            register = 0
            [[points]]
            name = "flow"
            register = 65535
            as = "u32"
            [[points]]
            name = "flow"
            as = "u16"
            [[operation]]
            name = "toggle"
            register = 5
            """);
    assertThat(factory.create(TableSettings.of("address = 1"), profile, null)).isNull();
    assertThat(profile.problems())
        .contains(
            "type: missing",
            "name: point name 'Volume'",
            "register: register 65535 and the 1 after it",
            "name: point 'flow' twice",
            "register: missing",
            "name: operation 'toggle'");
    assertThat(factory.create(TableSettings.of("address = 1"), TableSettings.of(""), null))
        .isNull();
  }

  private ModbusDriver driver(String profile) {
    return driver(TableSettings.profile(profile));
  }

  private ModbusDriver driver(TableSettings profile) {
    return (ModbusDriver)
        Objects.requireNonNull(
            factory.create(TableSettings.of("address = " + UNIT), profile, null),
            () -> profile.problems().toString());
  }

  private static Order level(Object level) {
    return new Order("set-level", Map.of("level", level));
  }

  /** Unit, body and CRC. */
  private static byte[] frame(String body) {
    byte[] bytes = Hex.parse("11" + body + "0000").orThrow();
    int crc = Checksums.crc16Modbus(bytes, 0, bytes.length - 2);
    bytes[bytes.length - 2] = (byte) crc;
    bytes[bytes.length - 1] = (byte) (crc >>> 8);
    return bytes;
  }
}
