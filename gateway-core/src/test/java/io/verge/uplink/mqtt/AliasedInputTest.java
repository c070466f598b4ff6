package io.verge.uplink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AliasedInputTest {
  /** Topic a/b with alias 1, payload 01; the alias alone, payload 02; QoS 1, expiry and alias. */
  private static final String NAMED = "30 0A 00 03 61 2F 62 03 23 00 01 01";

  private static final String ALONE = "30 07 00 00 03 23 00 01 02";
  private static final String ALONE_QOS1 = "32 0E 00 00 00 07 08 02 00 00 00 05 23 00 01 03";
  private static final String RESTORED = "30 0A 00 03 61 2F 62 03 23 00 01 02";
  private static final String RESTORED_QOS1 =
      "32 11 00 03 61 2F 62 00 07 08 02 00 00 00 05 23 00 01 03";
  private static final String OTHERS = "D0 00 90 04 00 01 00 00 40 02 00 07";

  private static byte[] bytes(String... hex) {
    return Hex.parse(String.join(" ", hex)).orThrow();
  }

  private static byte[] through(byte[] stream) throws IOException {
    return new AliasedInput(new ByteArrayInputStream(stream), 65_536).readAllBytes();
  }

  @Test
  void theTopicIsPutBackWhereTheAliasStandsAlone() throws IOException {
    assertThat(through(bytes(NAMED, ALONE, OTHERS, ALONE_QOS1)))
        .isEqualTo(bytes(NAMED, RESTORED, OTHERS, RESTORED_QOS1));
  }

  @Test
  void whatStandsForNothingPassesAsItCame() throws IOException {
    byte[] unknown = bytes(ALONE, "30 07 00 00 03 23 00 09 02", "30 00", "30 02 00 00");
    assertThat(through(unknown)).isEqualTo(unknown);
  }

  @Test
  void aLongTopicAndALongMessage() throws IOException {
    byte[] payload = new byte[16_380];
    new Random(1).nextBytes(payload);
    byte[] head = bytes("30 82 80 01 00 00 03 23 00 01");
    byte[] alone = Arrays.copyOf(head, head.length + payload.length);
    System.arraycopy(payload, 0, alone, head.length, payload.length);
    byte[] all = new byte[bytes(NAMED).length + alone.length];
    System.arraycopy(bytes(NAMED), 0, all, 0, bytes(NAMED).length);
    System.arraycopy(alone, 0, all, bytes(NAMED).length, alone.length);
    byte[] got = through(all);
    assertThat(got).hasSize(all.length + 3).endsWith(payload);
    assertThat(Hex.spaced(Arrays.copyOfRange(got, 12, 24)))
        .isEqualTo("30 85 80 01 00 03 61 2F 62 03 23 00");
  }

  @Test
  void aTimeOutAnywhereLosesNothing() throws IOException {
    byte[] stream = bytes(NAMED, ALONE, OTHERS, ALONE_QOS1);
    AliasedInput input = new AliasedInput(new Late(new ByteArrayInputStream(stream)), 65_536);
    byte[] got = new byte[100];
    int count = 0;
    int lates = 0;
    while (true) {
      try {
        int one = input.read(got, count, 7);
        if (one < 0) {
          break;
        }
        count += one;
      } catch (SocketTimeoutException e) {
        lates++;
      }
    }
    assertThat(Arrays.copyOf(got, count)).isEqualTo(bytes(NAMED, RESTORED, OTHERS, RESTORED_QOS1));
    assertThat(lates).isGreaterThan(20);
  }

  /** Every other read times out, and gives one byte otherwise. */
  private static final class Late extends InputStream {
    private final InputStream in;
    private boolean late;

    Late(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      late = !late;
      if (late) {
        throw new SocketTimeoutException("late");
      }
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int one = read();
      if (one < 0) {
        return -1;
      }
      target[offset] = (byte) one;
      return 1;
    }
  }

  @Test
  void noiseNeverHurtsAndNeverGrows() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      if (noise.length > 2 && random.nextBoolean()) {
        noise[0] = (byte) (0x30 | random.nextInt(16));
        noise[1] = (byte) (noise.length - 2);
      }
      assertThat(through(noise)).isEqualTo(noise);
    }
  }
}
