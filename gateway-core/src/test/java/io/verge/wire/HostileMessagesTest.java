package io.verge.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Decoded;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** Whatever bytes come, a decoder answers with a value; damage never becomes an exception. */
class HostileMessagesTest {
  private static final Stamp STAMP = new Stamp(7, 0, 1_790_000_000_000L, 50);

  private static final Batch EVENTS =
      new Batch(
          42,
          Lane.EVENT,
          9,
          100,
          3,
          new Clk(false, 50, 7),
          1,
          List.of(
              Sample.failed(0, STAMP, Quality.TIMEOUT, 3),
              new Sample(
                  1,
                  STAMP,
                  Quality.GOOD,
                  new long[] {40, 900},
                  new byte[] {0, (byte) Quality.SUSPECT.code()})),
          List.of(
              new Event(
                  STAMP, "command.done", Severity.NOTICE, 2, Map.of("id", "c-1", "level", 40L)),
              new Event(STAMP, "store.started", Severity.INFO, Event.NO_DEVICE, Map.of())),
          List.of(new Gap(Lane.TELEMETRY, 3, 5, 301, 420, "overflow", 1000, 2000, 840)));

  private static final byte[][] MESSAGES = {
    BatchCodec.encode(EVENTS, VectorCatalog.CATALOG),
    WireVectorsTest.hex(WireVectorsTest.TWO_OF_THREE),
    CatalogCodec.encode(VectorCatalog.CATALOG),
    AckCodec.encode(new Ack(42, Lane.METER, 17, 1_790_000_000_000L, true)),
    HelloCodec.encode(
        new Hello(42, 7, new long[] {1, 2, 3}, new long[] {4, 5, 6}, 3, "abc", "0.1.0")),
    CommandCodec.encode(
        new Command("c-1", "lamp-1", "set-level", Map.of("level", 40L), 1000, 2000, "uplink:city"))
  };

  @Test
  void eventsGapsAndPointQualitiesComeBack() {
    Batch back = BatchCodec.decode(MESSAGES[0], VectorCatalog.CATALOG).orThrow();
    assertThat(back.events()).hasSize(2);
    assertThat(back.events().get(0).details()).isEqualTo(Map.of("id", "c-1", "level", 40L));
    assertThat(back.gaps()).isEqualTo(EVENTS.gaps());
    assertThat(back.samples().get(1).qualityOf(1)).isEqualTo(Quality.SUSPECT);
    assertThat(back.samples().get(1).qualityOf(0)).isEqualTo(Quality.GOOD);
    assertThat(back.count()).isEqualTo(4);
  }

  @Test
  void everyOtherMessageComesBack() {
    assertThat(CatalogCodec.decode(MESSAGES[2]).orThrow()).isEqualTo(VectorCatalog.CATALOG);
    assertThat(AckCodec.decode(MESSAGES[3]).orThrow())
        .isEqualTo(new Ack(42, Lane.METER, 17, 1_790_000_000_000L, true));
    Hello hello = HelloCodec.decode(MESSAGES[4]).orThrow();
    assertThat(hello.oldest()).containsExactly(1, 2, 3);
    assertThat(hello.next()).containsExactly(4, 5, 6);
    assertThat(CommandCodec.decode(MESSAGES[5], "uplink:city").orThrow().args())
        .isEqualTo(Map.of("level", 40L));
    List<Ack> acks =
        List.of(new Ack(1, Lane.EVENT, 2, 0, false), new Ack(1, Lane.METER, 3, 0, false));
    assertThat(AckCodec.decodeAll(AckCodec.encodeAll(acks)).orThrow()).isEqualTo(acks);
  }

  @Test
  void everyTruncationIsInvalid() {
    for (byte[] message : MESSAGES) {
      for (int length = 0; length < message.length; length++) {
        byte[] cut = Arrays.copyOf(message, length);
        for (Decoded<?> decoded : all(cut)) {
          assertThat(decoded.isValid()).as("%d of %d bytes", length, message.length).isFalse();
        }
      }
    }
  }

  @Test
  void everyBitFlipGivesAValue() {
    for (byte[] message : MESSAGES) {
      for (int bit = 0; bit < message.length * 8; bit++) {
        byte[] flipped = message.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        all(flipped);
      }
    }
  }

  @Test
  void randomBytesGiveAValue() {
    long seed = 20261124;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      if (noise.length > 2) {
        noise[0] = 0;
        noise[1] = (byte) (0x80 | random.nextInt(16));
      }
      all(noise);
    }
  }

  @Test
  void inflatingBeyondTheLimitIsRefused() {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(new byte[3 << 20]);
    deflater.finish();
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(Message.DEFLATED);
    byte[] part = new byte[4096];
    while (!deflater.finished()) {
      bomb.write(part, 0, deflater.deflate(part));
    }
    deflater.end();
    assertThat(Message.unwrap(bomb.toByteArray()))
        .isEqualTo(Decoded.invalid("inflates to more than 1048576 bytes", 1));
  }

  @Test
  void zeroColumnsCannotBeUsedToAmplify() {
    CborWriter out = new CborWriter(64).array(12);
    out.unsigned(1).unsigned(1).unsigned(2).unsigned(1).unsigned(1).unsigned(3);
    out.array(3).unsigned(0).unsigned(0).unsigned(0);
    out.unsigned(100).unsigned(0).array(1);
    out.array(8).unsigned(0).unsigned(3).unsigned(1_000_000);
    assertThat(BatchCodec.decode(Message.wrap(out), VectorCatalog.CATALOG).isValid()).isFalse();
  }

  @Test
  void anotherCatalogRevisionIsNamed() {
    assertThat(BatchCodec.decode(MESSAGES[0], VectorCatalog.CATALOG.withRev(4)))
        .isEqualTo(Decoded.invalid("catalog revision 3, but the one at hand is 4", 11));
  }

  private static List<Decoded<?>> all(byte[] message) {
    return List.of(
        BatchCodec.decode(message, VectorCatalog.CATALOG),
        CatalogCodec.decode(message),
        AckCodec.decodeAll(message),
        HelloCodec.decode(message),
        CommandCodec.decode(message, "test"));
  }
}
