package io.verge.drivers.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.bytes.Checksums;
import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.FrameDecoder.Explained;
import io.verge.driver.Framing;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.drivers.wire.modbus.ModbusCodec;
import io.verge.drivers.wire.modbus.ModbusFramer;
import io.verge.model.Outcome;
import io.verge.model.PointType;
import io.verge.model.Quality;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices of coils and discrete inputs. */
class CoilsTest {
  private final ModbusDriverFactory factory = new ModbusDriverFactory();

  /**
   * The examples of the MODBUS Application Protocol V1.1b3: 6.1 (coils 20..38), 6.2 (discrete
   * inputs 197..218), 6.11 (coils 20..29) and 6.12 (registers 2..3), from unit 17 with CRC.
   */
  @Test
  void requestsAndAnswersAreThoseOfTheSpecification() {
    assertThat(ModbusCodec.read(17, 1, 0x13, 19)).isEqualTo(frame(17, "01 0013 0013"));
    assertThat(ModbusCodec.read(17, 2, 0xC4, 22)).isEqualTo(frame(17, "02 00C4 0016"));
    assertThat(bits("01 03 CD 6B 05", 19)).isEqualTo("1011001111010110101");
    assertThat(bits("02 03 AC DB 35", 22)).isEqualTo("0011010111011011101011");
    boolean[] coils = {true, false, true, true, false, false, true, true, true, false};
    assertThat(ModbusCodec.writeCoils(17, 0x13, coils)).isEqualTo(frame(17, "0F 0013 000A 02CD01"));
    assertThat(ModbusCodec.writeRegisters(17, 1, 10, 0x102))
        .isEqualTo(frame(17, "10 0001 0002 04 000A 0102"));
  }

  /**
   * Waveshare's wiki, Modbus RTU Relay: all eight relays read and written, unit 1. The answer with
   * B6 is from a published serial log in which B6 was written before.
   */
  @Test
  void requestsAreThoseOfTheRelayBoard() {
    assertThat(ModbusCodec.read(1, 1, 0, 8)).isEqualTo(hex("0101000000083DCC"));
    assertThat(ModbusCodec.read(1, 2, 0, 8)).isEqualTo(hex("01020000000879CC"));
    boolean[] on = new boolean[8];
    assertThat(ModbusCodec.writeCoils(1, 0, on)).isEqualTo(hex("010F0000000801 00FE95"));
    Arrays.fill(on, true);
    assertThat(ModbusCodec.writeCoils(1, 0, on)).isEqualTo(hex("010F0000000801 FFBED5"));
    ModbusFramer framer = new ModbusFramer(ModbusCodec.read(1, 1, 0, 8));
    byte[] none = hex("010101005188");
    byte[] some = hex("010101B6D03E");
    assertThat(framer.examine(none, none.length)).isEqualTo(Framing.complete(6));
    assertThat(framer.examine(some, some.length)).isEqualTo(Framing.complete(6));
    // The same answer of the wrong length: 9 coils need 2 bytes.
    assertThat(new ModbusFramer(ModbusCodec.read(1, 1, 0, 9)).examine(some, some.length))
        .isEqualTo(Framing.skip(1));
  }

  @Test
  void writesAreAnsweredByTheirFirstSixBytes() {
    byte[] request = ModbusCodec.writeCoils(17, 0x13, new boolean[10]);
    byte[] answer = frame(17, "0F 0013 000A");
    ModbusFramer framer = new ModbusFramer(request);
    for (int length = 0; length < answer.length; length++) {
      // An exception would be five bytes; from the function on it is known to be none.
      int missing = (length < 2 ? 5 : answer.length) - length;
      assertThat(framer.examine(answer, length)).isEqualTo(Framing.needMore(missing));
    }
    assertThat(framer.examine(answer, answer.length)).isEqualTo(Framing.complete(8));
    byte[] other = frame(17, "0F 0013 000B");
    assertThat(framer.examine(other, other.length)).isEqualTo(Framing.skip(1));
    // An adapter that echoes: the request is no answer, since its seventh byte breaks the CRC.
    assertThat(framer.examine(request, request.length)).isEqualTo(Framing.skip(1));
  }

  @Test
  void whatFitsNoRequestIsOurBug() {
    assertThatThrownBy(() -> ModbusCodec.writeCoils(1, 0, new boolean[1969]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModbusCodec.writeCoils(1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModbusCodec.writeRegisters(1, 0xFFFF, 1, 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBoardIsOneRead() throws BusException {
    ModbusDriver board = driver("address = 1", "waveshare-relay");
    assertThat(board.points()).extracting(PointType::name).contains("relay_1", "relay_8");
    ScriptedBus bus = new ScriptedBus().on("01 01 0000 0008 3DCC", Hex.plain(frame(1, "0101A5")));
    Readout readout = board.poll(bus);
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(1, 0, 1, 0, 0, 1, 0, 1);
  }

  @Test
  void aRelayOfTheBoardIsSetAndReadBack() throws BusException {
    ScriptedBus bus =
        new ScriptedBus()
            .on("01 05 0002 FF00 2DFA", "01 05 0002 FF00 2DFA")
            .on(frame(1, "01 0002 0001"), frame(1, "01 01 01"));
    ModbusDriver board = driver("address = 1", "waveshare-relay");
    assertThat(board.operations()).hasSize(8).contains("set-relay_3");
    assertThat(board.execute(bus, new Order("set-relay_3", Map.of("relay_3", 1L))))
        .isEqualTo(Outcome.done(Map.of("relay_3", 1L)));
    assertThat(board.execute(bus, new Order("set-relay_3", Map.of("relay_3", 2L))).why())
        .isEqualTo("relay_3 2, expected 0 or 1");
  }

  @Test
  void inputsAndOutputsAreNumbersOfEightBits() throws BusException {
    ModbusDriver module = driver("address = 1", "waveshare-io-8ch");
    ScriptedBus bus =
        new ScriptedBus()
            .on(frame(1, "01 0000 0008"), frame(1, "01 01 81"))
            .on("01 02 0000 0008 79CC", Hex.plain(frame(1, "02 01 06")))
            .on("01 0F 0000 0008 01 FF BED5", Hex.plain(frame(1, "0F 0000 0008")));
    assertThat(module.poll(bus).values()).containsExactly(0x06, 0x81);
    Outcome outcome = module.execute(bus, new Order("set-outputs", Map.of("outputs", 255L)));
    assertThat(outcome.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(outcome.why()).isEqualTo("outputs 255 was sent, the device holds 129");
    assertThat(module.execute(bus, new Order("set-outputs", Map.of("outputs", 256L))).why())
        .isEqualTo("outputs 256, expected an integer 0..255");
  }

  /** Lamp on relay 3: on the contact that closes, and on the one that opens. */
  @ParameterizedTest(name = "contact {0}: coil {1} is level {2}")
  @CsvSource({"no, 1, 100", "no, 0, 0", "nc, 0, 100", "nc, 1, 0"})
  void aLampIsARelayOfABoard(String contact, int coil, long level) throws BusException {
    ModbusDriver lamp =
        driver("address = 1\nchannel = 3\ncontact = '" + contact + "'", "waveshare-relay-lamp");
    String write = coil == 1 ? "01 05 0002 FF00 2DFA" : "01 05 0002 0000 6C0A";
    ScriptedBus bus =
        new ScriptedBus().on(frame(1, "01 0002 0001"), frame(1, "01 01 0" + coil)).on(write, write);
    assertThat(lamp.poll(bus).values()).containsExactly(level);
    assertThat(lamp.execute(bus, new Order("set-level", Map.of("level", level))))
        .isEqualTo(Outcome.done(Map.of("level", level)));
    assertThat(bus.requests()).contains(write.replace(" ", ""));
    assertThat(lamp.execute(bus, new Order("set-level", Map.of("level", 40L))).why())
        .isEqualTo("level 40, expected 0 or 100");
  }

  @Test
  void theAuxiliaryContactIsTheInputOfTheSameNumber() throws BusException {
    ModbusDriver lamp =
        driver("address = 1\nchannel = 8\ncontact = 'nc'", "waveshare-relay-d-lamp");
    ScriptedBus bus =
        new ScriptedBus()
            .on(frame(1, "01 0007 0001"), frame(1, "01 01 00"))
            .on(frame(1, "02 0007 0001"), frame(1, "02 01 01"));
    assertThat(lamp.poll(bus).values()).containsExactly(100, 1);
  }

  @Test
  void channelsOfOneDeviceAnswerForEachOther() {
    ModbusDriver one = driver("address = 1\nchannel = 1", "waveshare-relay-lamp");
    ModbusDriver two = driver("address = 1\nchannel = 2", "waveshare-relay-lamp");
    ModbusDriver other = driver("address = 2\nchannel = 2", "waveshare-relay-lamp");
    assertThat(one.party()).isEqualTo(two.party()).isNotEqualTo(other.party());
    assertThat(factory.place(TableSettings.of("address = 1\nchannel = 2")))
        .isEqualTo("address 1 channel 2");
  }

  @Test
  void whatDoesNotFitTheProfileIsReported() {
    assertThat(problems("address = 1", "waveshare-relay-lamp")).contains("channel: missing");
    assertThat(problems("address = 1\nchannel = 9", "waveshare-relay-lamp"))
        .contains("channel: 9 is not within 1..8");
    assertThat(problems("address = 1\nchannel = 1", "sdm120"))
        .contains("channel: the profile has no channels");
    assertThat(problems("address = 1\ncontact = 'nc'", "sdm120"))
        .contains("contact: the profile sets no coils");
  }

  @Test
  void everyMistakeOfABitMapIsReported() {
    TableSettings profile =
        TableSettings.of(
            """
            type = "relays"
            channels = 64
            channel_step = 1024
            [[points]]
            name = "one"
            table = "coil"
            register = 2000
            [[points]]
            name = "many"
            table = "coil"
            register = 0
            bits = 8
            exponent = 1
            [[points]]
            name = "input"
            table = "discrete"
            register = 65535
            bits = 2
            [[operation]]
            name = "set-one"
            register = 0
            function = 6
            [[operation]]
            name = "set-input"
            register = 0
            function = 5
            """);
    assertThat(factory.create(TableSettings.of("address = 1\nchannel = 1"), profile, null))
        .isNull();
    assertThat(profile.problems())
        .contains(
            "bits: 8 bits with a scale",
            "register: register 65535 and the 1 after it",
            "function: function 6 for point 'one'",
            "function: function 5 for point 'input'",
            "channels: register 130048 of channel 64");
  }

  @Test
  void aWriteOfCoilsIsExplained() {
    ModbusDecoder decoder = new ModbusDecoder();
    // A pool light's manual: coil 0x211 of unit 48 on.
    Explained light = decoder.decode(hex("300F021100010101D06E")).orThrow();
    assertThat(light.json()).containsEntry("coils", List.of(1L)).containsEntry("address", 529L);
    assertThat(decoder.decode(frame(17, "0F 0013 000A 01CD")).isValid()).isFalse();
  }

  private List<String> problems(String device, String profile) {
    TableSettings settings = TableSettings.of(device);
    factory.create(settings, TableSettings.profile(profile), null);
    return settings.problems();
  }

  private ModbusDriver driver(String device, String profile) {
    TableSettings map = TableSettings.profile(profile);
    TableSettings settings = TableSettings.of(device);
    return (ModbusDriver)
        Objects.requireNonNull(
            factory.create(settings, map, null), () -> map.problems() + " " + settings.problems());
  }

  private static String bits(String body, int count) {
    StringBuilder text = new StringBuilder();
    int[] bits = ModbusCodec.bits(frame(17, body));
    for (int i = 0; i < count; i++) {
      text.append(bits[i]);
    }
    return text.toString();
  }

  /** Unit, body and CRC. */
  private static byte[] frame(int unit, String body) {
    byte[] bytes = hex(String.format("%02X", unit) + body + "0000");
    int crc = Checksums.crc16Modbus(bytes, 0, bytes.length - 2);
    bytes[bytes.length - 2] = (byte) crc;
    bytes[bytes.length - 1] = (byte) (crc >>> 8);
    return bytes;
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }
}
