package io.verge.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.FrameDecoder;
import io.verge.driver.Framer;
import io.verge.driver.Framing;
import java.util.Arrays;
import java.util.Random;

/** What every framer and decoder must stand, whatever its protocol. */
public final class Hostile {
  private Hostile() {}

  /** No bit of the frame may change, and no byte be missing, without the framer refusing it. */
  public static void framer(Framer framer, String hex) {
    byte[] frame = Hex.parse(hex).orThrow();
    assertThat(framer.examine(frame, frame.length)).isEqualTo(Framing.complete(frame.length));
    for (int length = 0; length < frame.length; length++) {
      Framing framing = framer.examine(frame, length);
      assertThat(framing.state()).as("%d bytes", length).isEqualTo(Framing.State.NEED_MORE);
      assertThat(framing.length()).as("%d bytes", length).isBetween(1, frame.length - length);
    }
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] flipped = flip(frame, bit);
      assertThat(ScriptedBus.heard(flipped, framer))
          .as("bit %d", bit)
          .isInstanceOf(Answer.Garbled.class);
    }
    byte[] noisy = new byte[frame.length + 3];
    noisy[0] = frame[0];
    noisy[1] = (byte) 0xFF;
    System.arraycopy(frame, 0, noisy, 2, frame.length);
    assertThat(ScriptedBus.heard(noisy, framer)).isInstanceOf(Answer.Frame.class);
  }

  /** An answer that ends early and a late one behind it are never taken for one. */
  public static void joined(Framer framer, byte[] frame) {
    for (int cut = 1; cut < frame.length; cut++) {
      byte[] both = Arrays.copyOf(frame, cut + frame.length);
      System.arraycopy(frame, 0, both, cut, frame.length);
      if (ScriptedBus.heard(both, framer) instanceof Answer.Frame found) {
        assertThat(found.bytes()).as("cut at %d: %s", cut, Hex.plain(both)).isEqualTo(frame);
      }
    }
  }

  /** No bit may change, no byte be missing or added, without the decoder saying so. */
  public static void decoder(FrameDecoder decoder, String hex) {
    byte[] frame = Hex.parse(hex).orThrow();
    assertThat(decoder.decode(frame).isValid()).isTrue();
    for (int length = 0; length < frame.length; length++) {
      assertThat(decoder.decode(Arrays.copyOf(frame, length)).isValid())
          .as("%d bytes", length)
          .isFalse();
    }
    for (int bit = 0; bit < frame.length * 8; bit++) {
      assertThat(decoder.decode(flip(frame, bit)).isValid()).as("bit %d", bit).isFalse();
    }
    noise(decoder, frame);
  }

  /** Random bytes, alone and in a good frame, may be valid or not, but never throw. */
  public static void noise(FrameDecoder decoder, byte[] frame) {
    Random random = new Random(frame.length);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      decoder.decode(bytes);
      byte[] damaged = frame.clone();
      for (int j = 0; j < 1 + random.nextInt(3); j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      decoder.decode(damaged);
    }
  }

  private static byte[] flip(byte[] frame, int bit) {
    byte[] flipped = frame.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }
}
