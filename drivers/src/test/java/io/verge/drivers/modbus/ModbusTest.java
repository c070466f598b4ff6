package io.verge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder.Explained;
import io.verge.driver.Framing;
import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.drivers.wire.modbus.ModbusFramer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModbusTest {
  /** pymodbus, test/framer/test_framer.py at 7361275: read 2 holding registers at 124, unit 17. */
  private static final byte[] REQUEST = hex("1103007C00020743");

  /** The same source: the answer, registers 141 and 142. */
  private static final byte[] ANSWER = hex("110304008D008EFBBD");

  /** The same source: illegal data address. */
  private static final byte[] EXCEPTION = hex("118302C134");

  private final ModbusDecoder decoder = new ModbusDecoder();

  @Test
  void requestsAreThoseOfTheSources() {
    assertThat(ModbusCodec.read(17, 3, 124, 2)).isEqualTo(REQUEST);
    // Eastron SDM meter, captured request for 80 input registers, unit 5.
    assertThat(ModbusCodec.read(5, 4, 0, 80)).isEqualTo(hex("050400000050F1B2"));
    // Waveshare relay wiki: coil 0 on, and off.
    assertThat(ModbusCodec.writeCoil(1, 0, true)).isEqualTo(hex("01050000FF008C3A"));
    assertThat(ModbusCodec.writeCoil(1, 0, false)).isEqualTo(hex("010500000000CDCA"));
  }

  @Test
  void answerAndExceptionAreFoundInEveryChunking() {
    ModbusFramer framer = new ModbusFramer(REQUEST);
    for (byte[] frame : List.of(ANSWER, EXCEPTION)) {
      for (int length = 0; length < frame.length; length++) {
        byte[] part = Arrays.copyOf(frame, frame.length);
        Framing framing = framer.examine(part, length);
        assertThat(framing.state()).as("%d bytes", length).isEqualTo(Framing.State.NEED_MORE);
        assertThat(framing.length()).as("%d bytes", length).isBetween(1, frame.length - length);
      }
      assertThat(framer.examine(frame, frame.length)).isEqualTo(Framing.complete(frame.length));
    }
    assertThat(ModbusCodec.registers(ANSWER)).containsExactly(141, 142);
  }

  @Test
  void noiseBeforeAnAnswerIsSkipped() {
    long seed = 7;
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      byte[] noise = new byte[random.nextInt(12)];
      random.nextBytes(noise);
      byte[] wire = concat(noise, ANSWER);
      assertThat(find(wire)).as("seed %d round %d", seed, round).isEqualTo(ANSWER);
    }
  }

  @Test
  void theEchoOfTheRequestIsNotItsAnswer() {
    assertThat(find(concat(REQUEST, ANSWER))).isEqualTo(ANSWER);
    assertThat(find(REQUEST)).isEmpty();
  }

  @Test
  void answersOfOthersAndOfOtherLengthsAreSkipped() {
    // pymodbus: the same registers from unit 255, and a 3-register answer from unit 17.
    assertThat(find(hex("FF0304008D008EF5B3"))).isEmpty();
    assertThat(find(hex("110306AE415652434049AD"))).isEmpty();
  }

  @Test
  void noSingleBitFlipIsAccepted() {
    for (byte[] frame : List.of(ANSWER, EXCEPTION)) {
      for (int bit = 0; bit < frame.length * 8; bit++) {
        byte[] flipped = frame.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(find(flipped)).as("bit %d", bit).isEmpty();
        assertThat(decoder.decode(flipped).isValid()).as("bit %d", bit).isFalse();
      }
    }
  }

  @Test
  void truncatedAndRandomFramesAreInvalid() {
    for (int length = 0; length < ANSWER.length; length++) {
      assertThat(decoder.decode(Arrays.copyOf(ANSWER, length)).isValid()).isFalse();
    }
    Random random = new Random(11);
    int accepted = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] noise = new byte[random.nextInt(40)];
      random.nextBytes(noise);
      accepted += decoder.decode(noise).isValid() ? 1 : 0;
    }
    // A 16-bit CRC lets one in 65,536 random frames through.
    assertThat(accepted).isLessThan(20);
  }

  @Test
  void explainsFieldByField() {
    Explained explained = decoder.decode(ANSWER).orThrow();
    assertThat(explained.json())
        .isEqualTo(java.util.Map.of("unit", 17L, "fc", 3L, "registers", List.of(141L, 142L)));
    assertThat(explained.fields()).extracting("name").contains("byte count", "register +1", "crc");
    assertThat(decoder.decode(EXCEPTION).orThrow().fields().toString())
        .contains("illegal data address");
  }

  @Test
  void everyBulkFrameDecodesAsExpected() throws IOException {
    Path file =
        Path.of(System.getProperty("verge.root", ".."), "..", "shared", "vectors", "modbus.jsonl");
    assumeTrue(Files.exists(file), "no bulk frames beside the checkout");
    for (String line : Files.readAllLines(file)) {
      JsonObject vector = JsonParser.parseString(line).getAsJsonObject();
      String id = vector.get("id").getAsString();
      boolean valid = !vector.has("valid") || vector.get("valid").getAsBoolean();
      var decoded = decoder.decode(hex(vector.get("hex").getAsString()));
      assertThat(decoded.isValid()).as(id).isEqualTo(valid);
      if (valid) {
        JsonObject expected = vector.getAsJsonObject("expected");
        var json = decoded.orThrow().json();
        for (String key : List.of("unit", "fc", "address", "count", "exception", "value")) {
          if (expected.has(key)) {
            assertThat(json.get(key)).as(id + " " + key).isEqualTo(expected.get(key).getAsLong());
          }
        }
        if (expected.has("registers")) {
          assertThat(String.valueOf(json.get("registers")).replace(" ", ""))
              .as(id)
              .isEqualTo(expected.get("registers").toString().replace(" ", ""));
        }
      }
    }
  }

  /** Runs the framer as a bus does: drops what it skips, until a frame or the end. */
  private static byte[] find(byte[] wire) {
    ModbusFramer framer = new ModbusFramer(REQUEST);
    byte[] rest = wire;
    while (rest.length > 0) {
      Framing framing = framer.examine(rest, rest.length);
      if (framing.state() == Framing.State.COMPLETE) {
        return Arrays.copyOf(rest, framing.length());
      }
      // A real bus waits here for more; at the end of the bytes it looks one byte further.
      int drop = framing.state() == Framing.State.SKIP ? framing.length() : 1;
      rest = Arrays.copyOfRange(rest, drop, rest.length);
    }
    return rest;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }
}
