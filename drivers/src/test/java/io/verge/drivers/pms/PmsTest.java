package io.verge.drivers.pms;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Readout;
import io.verge.drivers.Hostile;
import io.verge.drivers.Listened;
import io.verge.drivers.wire.air.AirDriver;
import io.verge.model.Quality;
import io.verge.model.Sample;
import org.junit.jupiter.api.Test;

class PmsTest {
  /** Capture of a PMSx003: avaldebe/PyPMS, tests/captured_data. */
  private static final String FRAME =
      "424D001C00000008000800000008000800D20046002D001E00000000970002C5";

  /** Capture of a PMS3003: avaldebe/PyPMS, tests/captured_data. */
  private static final String PMS3003 = "424D001400010001000100010001000100000000005100FA";

  private static final String ZEROS =
      "424D001C00000000000000000000000000000000000000000000000097000142";

  private final PmsDecoder decoder = new PmsDecoder();

  @Test
  void framesOfTheSources() {
    assertThat(decoder.decode(hex(FRAME)).orThrow().json())
        .containsEntry("pm25", 8L)
        .containsEntry("pm10", 8L)
        .containsEntry("n0_3", 210L)
        .containsEntry("n2_5", 30L)
        .containsEntry("version", 0x97L)
        .containsEntry("error", 0L);
    assertThat(decoder.decode(hex(PMS3003)).orThrow().json())
        .containsEntry("pm1", 1L)
        .containsEntry("pm10_cf1", 1L)
        .doesNotContainKey("n0_3");
  }

  @Test
  void commandsOfTheManual() {
    // Data manual PMS7003 V2.5, appendix B.
    assertThat(Hex.plain(PmsCodec.command(PmsCodec.SLEEP, 0))).isEqualTo("424DE400000173");
    assertThat(Hex.plain(PmsCodec.command(PmsCodec.SLEEP, 1))).isEqualTo("424DE400010174");
    assertThat(decoder.decode(hex("424DE100000170")).orThrow().json())
        .containsEntry("command", 0xE1L);
    assertThat(decoder.decode(hex("424D0004E1000174")).orThrow().title()).contains("answer");
  }

  @Test
  void nothingDamagedPasses() {
    Hostile.framer(PmsCodec.FRAMER, FRAME);
    Hostile.framer(PmsCodec.FRAMER, PMS3003);
    Hostile.decoder(decoder, FRAME);
    Hostile.decoder(decoder, PMS3003);
    Hostile.decoder(decoder, "424DE100000170");
    Hostile.decoder(decoder, "424D0004E1000174");
  }

  @Test
  void aPollIsTheMedianOfItsFrames() throws BusException {
    // PM2.5 of 8, 41 and 46, PM10 of 8, 52 and 60: captures of a PMSx003 and two PMS7003.
    Readout readout =
        driver(3, 0)
            .poll(
                Listened.hex(
                    FRAME
                        + "00FF42"
                        + "424D001C001D0031003900190029003406CF05F30158000800000000120003E8"
                        + "424D001C0029003E0046001F002E003C19EC07BF0169003600080000910004E5"));
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(41, 52);
  }

  @Test
  void aStoppedFanAndASensorsErrorAreSuspect() throws BusException {
    Readout stopped = driver(1, 0).poll(Listened.hex(ZEROS));
    assertThat(stopped.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(stopped.why()).contains("fan or laser");
    // The same frame as FRAME with error code 1, its sum with it.
    String error = FRAME.replace("970002C5", "970102C6");
    assertThat(driver(1, 0).poll(Listened.hex(error)).why()).contains("error 1");
    // A PMS3003 counts no particles: zero is clean air.
    String clean = "424D001400000000000000000000000000000000005100F4";
    assertThat(driver(1, 0).poll(Listened.hex(clean)).quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void restWakesWarmsUpAndSleeps() throws BusException {
    Listened bus = Listened.hex(ZEROS.repeat(3) + FRAME.repeat(2));
    Readout readout = driver(2, 3).poll(bus);
    assertThat(readout.values()).containsExactly(8, 8);
    assertThat(bus.sent()).containsExactly("424DE400010174", "424DE400000173");
  }

  @Test
  void silenceAndGarbageAreSaid() throws BusException {
    assertThat(driver(3, 0).poll(Listened.hex("")).quality()).isEqualTo(Quality.TIMEOUT);
    Readout garbled = driver(3, 0).poll(Listened.hex("424D001C0000"));
    assertThat(garbled.quality()).isEqualTo(Quality.GARBLED);
    assertThat(garbled.values()).containsOnly(Sample.NONE);
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }

  private static AirDriver driver(int frames, int warmUp) {
    return new AirDriver(new PmsDriverFactory().sensor(), frames, warmUp);
  }
}
