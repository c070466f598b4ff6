package io.verge.drivers.a02;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import io.verge.driver.Readout;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.util.Arrays;
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
      return new A02Driver(1500, 500, 30, 4500, 5).poll(new Listened(hex(wire)));
    } catch (io.verge.driver.BusException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }

  /** A bus on which these bytes arrive and then nothing more. */
  private static final class Listened implements BusSession {
    private final byte[] wire;
    private byte[] rest;

    Listened(byte[] wire) {
      this.wire = wire;
      this.rest = wire;
    }

    @Override
    public Answer listen(Framer framer, int waitMs) {
      while (rest.length > 0) {
        Framing framing = framer.examine(rest, rest.length);
        if (framing.state() == Framing.State.NEED_MORE) {
          break;
        }
        byte[] taken = Arrays.copyOf(rest, framing.length());
        rest = Arrays.copyOfRange(rest, framing.length(), rest.length);
        if (framing.state() == Framing.State.COMPLETE) {
          return new Answer.Frame(taken);
        }
      }
      return wire.length == 0 ? new Answer.Silence() : new Answer.Garbled(wire);
    }

    @Override
    public Answer transact(byte[] request, Framer framer) {
      throw new AssertionError("the sensor takes no requests");
    }

    @Override
    public void send(byte[] frame) {
      throw new AssertionError("the sensor takes no requests");
    }
  }
}
