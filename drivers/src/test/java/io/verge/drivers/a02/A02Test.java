package io.verge.drivers.a02;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Framing;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.Listened;
import io.verge.drivers.TableSettings;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class A02Test {
  private final A02Decoder decoder = new A02Decoder();

  @Test
  void framesOfTheSources() {
    // DFRobot wiki SEN0311, and captures in esphome issue 5182.
    assertThat(distance("FF07A1A7")).isEqualTo(1953L);
    assertThat(distance("FF039D9F")).isEqualTo(925L);
    assertThat(distance("FF039294")).isEqualTo(914L);
  }

  @Test
  void theSumWithoutTheStartByteIsRefused() {
    // ptvo forum 274: some JSN-SR04T V3 firmwares leave FF out of the sum.
    assertThat(decoder.decode(hex("FF00DEDE")).isValid()).isFalse();
  }

  @Test
  void everyBitFlipAndTruncationIsRefused() {
    byte[] frame = hex("FF07A1A7");
    for (int bit = 0; bit < 32; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(decoder.decode(flipped).isValid()).as("bit %d", bit).isFalse();
    }
    for (int length = 0; length < 4; length++) {
      assertThat(decoder.decode(Arrays.copyOf(frame, length)).isValid()).isFalse();
      assertThat(A02Codec.FRAMER.examine(frame, length)).isEqualTo(Framing.needMore());
    }
  }

  @Test
  void aHighByteOfFfDoesNotLoseTheFrame() {
    // Stray FF, then a frame whose distance starts with FF is out of range, then a good one.
    Readout readout = poll("FF FF07A1A7 FF07A1A7 FF07A1A7 FF07A1A7 FF07A1A7");
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(0, 1953, 0, 5);
  }

  @Test
  void fillIsTheMedianOfTheEchoes() {
    // 925, 913, 912, 914 mm and an outlier of 1953 mm.
    Readout readout = poll("FF039D9F FF039193 FF07A1A7 FF039092 FF039294");
    assertThat(readout.values()).containsExactly(59, 914, 1041, 5);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).contains("1041 mm apart");
  }

  @Test
  void noEchoIsNeverAReading() {
    Readout readout = poll("FF0000FF FF0000FF FF0000FF FF0000FF FF0000FF");
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.values()).containsExactly(Sample.NONE, Sample.NONE, Sample.NONE, 0);
  }

  @Test
  void silenceAndGarbageAreSaid() {
    assertThat(poll("").quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(poll("01 02 03 04 05").quality()).isEqualTo(Quality.GARBLED);
  }

  private Object distance(String frame) {
    return decoder.decode(hex(frame)).orThrow().json().getOrDefault("distance_mm", "absent");
  }

  private static Readout poll(String wire) {
    try {
      return driver("").poll(Listened.hex(wire));
    } catch (BusException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }

  private static SerialDriver driver(String more) {
    return driver(more, null);
  }

  private static SerialDriver driver(String more, long @Nullable [] keep) {
    TableSettings settings = TableSettings.of("empty_mm = 1500\nfull_mm = 500\n" + more);
    return requireNonNull((SerialDriver) new A02DriverFactory().create(settings, null, keep));
  }

  @Test
  void theVariantsOfJsnSr04t() throws BusException {
    // ptvo forum 274: 222 mm, the sum of 00 and DE only; asked for with 55.
    SerialDriver driver = driver("sum = \"without-start\"\nasked = true\nechoes = 1");
    Listened bus = Listened.hex("FF00DEDE");
    assertThat(driver.poll(bus).values()).containsExactly(100, 222, 0, 1);
    assertThat(bus.sent()).containsExactly("55");
    assertThat(driver.poll(Listened.hex("FF07A1A7")).quality()).isEqualTo(Quality.GARBLED);
  }

  @Test
  void coldAirIsReckonedWith() throws BusException {
    // At -10 degrees sound makes 325.2 m/s, not the 343.4 m/s of 20 degrees: 1953 mm are 1850.
    Readout readout = driver("air_c = -10\nechoes = 1").poll(Listened.hex("FF07A1A7"));
    assertThat(readout.values()[1]).isEqualTo(1850);
  }

  @Test
  void whatIsMeasuredEmptyCountsAndOutlivesARestart() throws BusException {
    SerialDriver driver = driver("echoes = 3");
    assertThat(driver.poll(Listened.hex(THRICE_1953)).keep()).isNull();
    Outcome done = driver.execute(Listened.hex(THRICE_1953), calibrate(Map.of("empty", "now")));
    assertThat(done.state()).isEqualTo(Outcome.State.DONE);
    assertThat(done.details())
        .containsEntry("empty_mm", 1953L)
        .containsEntry("empty_before_mm", 1500L)
        .containsEntry("full_mm", 500L)
        .containsEntry("echoes", 3L);
    Readout after = driver.poll(Listened.hex(THRICE_1953));
    assertThat(after.values()[0]).isZero();
    long[] keep = requireNonNull(after.keep());
    assertThat(driver.poll(Listened.hex("")).keep()).as("a silent poll").isEqualTo(keep);
    // 914 mm between 500 and 1953 mm: (1953 - 914) / 1453 = 71.5 %.
    String thrice914 = "FF039294 FF039294 FF039294";
    assertThat(driver("echoes = 3", keep).poll(Listened.hex(thrice914)).values()[0]).isEqualTo(72);
    SerialDriver changed = driver("echoes = 3", new long[] {keep[0], keep[1], 1499, 500});
    assertThat(changed.poll(Listened.hex(thrice914)).values()[0])
        .as("the configuration was changed since")
        .isEqualTo(59);
    SerialDriver again = driver("echoes = 3", keep);
    again.execute(Listened.hex(""), calibrate(Map.of("forget", true)));
    Readout forgotten = again.poll(Listened.hex(thrice914));
    assertThat(forgotten.values()[0]).isEqualTo(59);
    assertThat(forgotten.keep()).containsExactly(1500, 500, 1500, 500);
  }

  @Test
  void aDamagedCalibrationIsSaidUntilTheNext() throws BusException {
    SerialDriver driver = driver("echoes = 3", new long[] {300, 900, 1500, 500});
    Readout readout = driver.poll(Listened.hex(THRICE_1953));
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).contains("damaged");
    driver.execute(Listened.hex(""), calibrate(Map.of("empty", 1953L)));
    assertThat(driver.poll(Listened.hex(THRICE_1953)).quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void whatCannotBeIsRefusedAndChangesNothing() throws BusException {
    SerialDriver driver = driver("echoes = 3");
    for (Map<String, Object> args :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("empty", 400L),
            Map.of("empty", "then"),
            Map.of("empty", 4501L),
            Map.of("full", 29L),
            Map.of("full", 1500L),
            Map.of("forget", true, "empty", 1400L))) {
      assertThat(driver.execute(Listened.hex(THRICE_1953), calibrate(args)).state())
          .as("%s", args)
          .isEqualTo(Outcome.State.REJECTED);
    }
    Order empty = calibrate(Map.of("empty", "now"));
    assertThat(driver.execute(Listened.hex(""), empty).why()).contains("no answer");
    assertThat(driver.execute(Listened.hex("FF07A1A7 FF039294 FF039294"), empty).why())
        .contains("1039 mm apart");
    assertThat(driver.poll(Listened.hex(THRICE_1953)).keep()).isNull();
  }

  private static final String THRICE_1953 = "FF07A1A7 FF07A1A7 FF07A1A7";

  private static Order calibrate(Map<String, Object> args) {
    return new Order("calibrate", args);
  }
}
