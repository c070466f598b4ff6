package io.verge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Checksums;
import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sensors of 4 to 20 mA behind a module that reads currents in microamperes. */
class LoopTest {
  private static final String PRESSURE =
      "address = 1\nchannel = 2\nmeasures = 'pressure'\nunit = 'bar'\ndecimals = 2\n"
          + "at_4ma = '-1'\nat_20ma = 15\n";

  private final ModbusDriverFactory factory = new ModbusDriverFactory();

  @ParameterizedTest(name = "{0} uA is {1} of 0.01 bar")
  @CsvSource({
    "4000, -100",
    "12000, 700",
    "20000, 1500",
    "4005, -100",
    "4006, -99",
    "3800, -120",
    "20500, 1550",
    "3600, -140",
    "21000, 1600"
  })
  void theCurrentIsTheSensorsValue(int micro, long expected) throws BusException {
    ModbusDriver driver = driver(PRESSURE);
    assertThat(driver.points()).containsExactly(PointType.gauge("pressure", "bar", 2));
    Readout readout = driver.poll(answering(micro));
    assertThat(readout.quality()).as(readout.why()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(expected);
  }

  @ParameterizedTest(name = "{0} uA: {1}")
  @CsvSource({
    "0, 'pressure: 0.00 mA, the loop is broken'",
    "3599, 'pressure: 3.60 mA, the loop is broken'",
    "21001, 'pressure: 21.00 mA, the loop is shorted'",
    "65535, 'pressure: 65.54 mA, the loop is shorted'"
  })
  void aFailureIsNoValue(int micro, String why) throws BusException {
    Readout readout = driver(PRESSURE).poll(answering(micro));
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.values()).containsExactly(Sample.NONE);
    assertThat(readout.why()).isEqualTo(why);
  }

  @Test
  void aRangeMayFall() throws BusException {
    ModbusDriver depth =
        driver("address = 1\nchannel = 2\nmeasures = 'depth'\nat_4ma = 6\nat_20ma = 0\n");
    assertThat(depth.poll(answering(8000)).values()).containsExactly(4500);
  }

  @Test
  void whatTheDeviceDoesNotSayIsReported() {
    assertThat(problems("address = 1\nchannel = 2", "waveshare-ai-loop"))
        .contains("measures: missing");
    assertThat(problems("address = 1\nchannel = 2\nmeasures = 'level'", "waveshare-ai-loop"))
        .contains("at_4ma: missing", "at_20ma: missing");
    TableSettings twice =
        TableSettings.of(
            "type = 'x'\n[[points]]\nname = 'a'\nregister = 0\nloop = true\ndecimals = 3");
    assertThat(ModbusProfile.of(twice)).isNull();
    assertThat(twice.problems()).contains("loop: point 'a' as a loop");
  }

  private List<String> problems(String device, String profile) {
    TableSettings settings = TableSettings.of(device);
    factory.create(settings, TableSettings.profile(profile), null);
    return settings.problems();
  }

  private ModbusDriver driver(String device) {
    TableSettings settings = TableSettings.of(device);
    ModbusDriver driver =
        (ModbusDriver)
            Objects.requireNonNull(
                factory.create(settings, TableSettings.profile("waveshare-ai-loop"), null));
    assertThat(settings.problems()).isEmpty();
    return driver;
  }

  private static ScriptedBus answering(int micro) {
    return new ScriptedBus().on(frame("04 0001 0001"), frame(String.format("04 02 %04X", micro)));
  }

  private static byte[] frame(String body) {
    byte[] bytes = Hex.parse("01" + body + "0000").orThrow();
    int crc = Checksums.crc16Modbus(bytes, 0, bytes.length - 2);
    bytes[bytes.length - 2] = (byte) crc;
    bytes[bytes.length - 1] = (byte) (crc >>> 8);
    return bytes;
  }
}
