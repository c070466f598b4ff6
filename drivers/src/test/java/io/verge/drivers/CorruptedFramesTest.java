package io.verge.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.a02.A02Decoder;
import io.verge.drivers.cjt188.Cjt188Decoder;
import io.verge.drivers.dlt645.Dlt645Decoder;
import io.verge.drivers.mbus.MbusDecoder;
import io.verge.drivers.modbus.ModbusDecoder;
import io.verge.drivers.pms.PmsDecoder;
import io.verge.drivers.sds011.Sds011Decoder;
import io.verge.drivers.tfmini.TfminiDecoder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Counts damaged frames that are believed, and are not what was sent. {@code
 * -Dcorrupted.frames=1300000} makes it more than ten million in all.
 */
class CorruptedFramesTest {
  private static final int FRAMES = Integer.getInteger("corrupted.frames", 20_000);

  /** A frame of each protocol with a checksum, and the share of noise its checksum lets through. */
  enum Kind {
    MODBUS(new ModbusDecoder(), "110304008D008EFBBD", 0x1p-16),
    MBUS(
        new MbusDecoder(),
        "681B1B6808017207201800E61E35074C0000000C78072018000C16690200009616",
        0x1p-8),
    CJT188(
        new Cjt188Decoder(),
        "68104433221100337881161F9000007766552C007766552C3101221105152021841316",
        0x1p-8),
    DLT645(new Dlt645Decoder(), "68600792040091689108333333339735A8336A16", 0x1p-8),
    A02(new A02Decoder(), "FF07A1A7", 0x1p-8),
    TFMINI(new TfminiDecoder(), "5959CF000B23D00988", 0x1p-8),
    PMS(
        new PmsDecoder(),
        "424D001C00000008000800000008000800D20046002D001E00000000970002C5",
        0x1p-8),
    SDS011(new Sds011Decoder(), "AAC0D4043A0AA1601DAB", 0x1p-8);

    private final FrameDecoder decoder;
    private final byte[] frame;
    private final double residual;

    Kind(FrameDecoder decoder, String hex, double residual) {
      this.decoder = decoder;
      this.frame = Hex.parse(hex).orThrow();
      this.residual = residual;
    }
  }

  /** How a frame is damaged. */
  private enum Damage {
    BIT,
    BYTE,
    TRUNCATED,
    /** Two to four bytes anywhere are others. */
    BYTES;

    byte[] of(byte[] frame, SplittableRandom random) {
      byte[] spoilt = frame.clone();
      int at = random.nextInt(frame.length);
      switch (this) {
        case BIT -> spoilt[at] ^= (byte) (1 << random.nextInt(8));
        case BYTE -> spoilt[at] ^= (byte) (1 + random.nextInt(255));
        case TRUNCATED -> spoilt = Arrays.copyOf(frame, at);
        default -> {
          for (int i = 2 + random.nextInt(3); i > 0; i--) {
            spoilt[random.nextInt(frame.length)] = (byte) random.nextInt(256);
          }
        }
      }
      return spoilt;
    }
  }

  /** A frame of the same kind that says something else; one of another kind no driver takes. */
  private static boolean isOther(Map<String, Object> found, Map<String, Object> sent) {
    return found.keySet().equals(sent.keySet()) && !found.equals(sent);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatAChecksumMustFindIsNeverBelieved(Kind kind) {
    Map<String, Object> sent = kind.decoder.decode(kind.frame).orThrow().json();
    Map<Damage, Integer> wrong = new EnumMap<>(Damage.class);
    SplittableRandom random = new SplittableRandom(kind.ordinal());
    for (Damage damage : Damage.values()) {
      wrong.put(damage, 0);
      for (int i = 0; i < FRAMES / Damage.values().length; i++) {
        Decoded<FrameDecoder.Explained> decoded =
            kind.decoder.decode(damage.of(kind.frame, random));
        if (decoded.isValid() && isOther(decoded.orThrow().json(), sent)) {
          wrong.merge(damage, 1, Integer::sum);
        }
      }
    }
    int noisy = FRAMES / Damage.values().length;
    System.out.printf(
        Locale.ROOT,
        "%-10s %9d frames, believed and wrong %s; of several bytes 1 in %.0f%n",
        kind,
        FRAMES,
        wrong,
        noisy / (double) Math.max(1, wrong.get(Damage.BYTES)));
    assertThat(wrong)
        .containsEntry(Damage.BIT, 0)
        .containsEntry(Damage.BYTE, 0)
        .containsEntry(Damage.TRUNCATED, 0);
    assertThat(wrong.get(Damage.BYTES)).isLessThan((int) (noisy * kind.residual * 2) + 10);
  }
}
