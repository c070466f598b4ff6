package io.verge.drivers.sds011;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Readout;
import io.verge.drivers.Hostile;
import io.verge.drivers.Listened;
import io.verge.drivers.wire.air.AirDriver;
import io.verge.model.Quality;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class Sds011Test {
  /** Example of Nova's control protocol V1.3. */
  private static final String EXAMPLE = "AAC0D4043A0AA1601DAB";

  /** Capture: avaldebe/PyPMS, tests/captured_data/SDS01x. */
  private static final String CAPTURE = "AAC00900090058D943AB";

  private final Sds011Decoder decoder = new Sds011Decoder();

  @Test
  void framesOfTheSources() {
    assertThat(decoder.decode(hex(EXAMPLE)).orThrow().json())
        .containsEntry("pm25", new BigDecimal("123.6"))
        .containsEntry("pm10", new BigDecimal("261.8"))
        .containsEntry("device_id", "A160");
    // Capture of an SDS198 in the same collection.
    assertThat(decoder.decode(hex("AACF0E001000E9050CAB")).orThrow().json())
        .containsEntry("pm100", 16L);
  }

  @Test
  void theSleepCommandIsThatOfTheProtocol() {
    // Nova control protocol V1.3, "set sleep and work".
    assertThat(Hex.plain(Sds011Codec.work(false)))
        .isEqualTo("AAB406010000000000000000000000FFFF05AB");
    assertThat(Hex.plain(Sds011Codec.work(true)))
        .isEqualTo("AAB406010100000000000000000000FFFF06AB");
  }

  @Test
  void nothingDamagedPasses() {
    Hostile.framer(Sds011Codec.FRAMER, EXAMPLE);
    Hostile.framer(Sds011Codec.FRAMER, CAPTURE);
    Hostile.decoder(decoder, EXAMPLE);
    Hostile.decoder(decoder, "AAB406010000000000000000000000FFFF05AB");
  }

  @Test
  void aPollIsTheMedianOfItsFrames() throws BusException {
    Readout readout = driver(3, 0).poll(Listened.hex(CAPTURE + "AAC0" + EXAMPLE + CAPTURE));
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(9, 9);
  }

  @Test
  void answersToCommandsAndOtherModelsAreNoReadings() throws BusException {
    Readout readout = driver(1, 0).poll(Listened.hex("AACF0E001000E9050CAB"));
    assertThat(readout.quality()).isEqualTo(Quality.GARBLED);
  }

  @Test
  void restWakesWarmsUpAndSleeps() throws BusException {
    Listened bus = Listened.hex(EXAMPLE.repeat(2) + CAPTURE);
    assertThat(driver(1, 2).poll(bus).values()).containsExactly(9, 9);
    assertThat(bus.sent()).hasSize(2);
  }

  @Test
  void silenceAndValuesOutOfRangeAreSaid() throws BusException {
    assertThat(driver(1, 0).poll(Listened.hex("")).quality()).isEqualTo(Quality.TIMEOUT);
    // 6553.5 ug/m3 of PM2.5.
    Readout high = driver(1, 0).poll(Listened.hex("AAC0FFFF010058D930AB"));
    assertThat(high.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(high.values()).containsExactly(65535, 1);
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }

  private static AirDriver driver(int frames, int warmUp) {
    return new AirDriver(new Sds011DriverFactory().sensor(), frames, warmUp);
  }
}
