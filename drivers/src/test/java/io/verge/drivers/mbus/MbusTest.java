package io.verge.drivers.mbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Checksums;
import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Framing;
import io.verge.driver.Readout;
import io.verge.drivers.Hostile;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.drivers.wire.mbus.MbusFramer;
import io.verge.model.Lane;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MbusTest {
  /** rscada/libmbus at f09d613, test-frames/GWF-MTKcoder: address 1, 269 m3, no flow. */
  private static final String GWF =
      "681B1B6808017207201800E61E35074C0000000C78072018000C16690200009616";

  /** The same, EFE_Engelmann-WaterStar: address 11, 0.332 m3, flow 0, status 27. */
  private static final String WATER_STAR =
      "68515168080B7254029904C51400060C27000004782E254C00046D0A0CCD1304134C01000044134B01000084"
          + "01134C010000426CBF1C026CDF1C043B00000000143B160800000223A70401FD1700049028080000003F16";

  /** The same, ACW_Itron-CYBLE-M-Bus-14: text VIFs and text values. */
  private static final String CYBLE =
      "685656680801722315010977041407250000000C78231501090D7C084449202E747375630A35353736373041"
          + "4C3930046D1A0ECD13027C09656D6974202E746162D40904131F00000004937F0000000044131F0000000F"
          + "00011FA916";

  private static final String NKE_1 = "1040014116";
  private static final String REQUEST_1_ODD = "107B017C16";
  private static final String REQUEST_1_EVEN = "105B015C16";

  private final MbusDecoder decoder = new MbusDecoder();

  @Test
  void requestsAreThoseOfTheSources() {
    // rscada/libmbus issue 88: request to primary 5, and the selection of 16357551.
    assertThat(MbusCodec.shortFrame(MbusCodec.REQ_UD2 | MbusCodec.FCB, 5))
        .isEqualTo(hex("107B058016"));
    // There with the count bit set (73, CF); after a reset of the link the bit is free.
    assertThat(MbusCodec.select(hex("51753516FFFFFFFF")))
        .isEqualTo(hex("680B0B6853FD5251753516FFFFFFFFAF16"));
  }

  @Test
  void everyTruncationAndBitFlipIsInvalid() {
    for (String text : List.of("E5", NKE_1, GWF, WATER_STAR, CYBLE)) {
      byte[] frame = hex(text);
      assertThat(decoder.decode(frame).isValid()).isTrue();
      for (int length = 0; length < frame.length; length++) {
        assertThat(decoder.decode(Arrays.copyOf(frame, length)).isValid()).isFalse();
      }
      for (int bit = 0; bit < frame.length * 8; bit++) {
        byte[] flipped = frame.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(decoder.decode(flipped).isValid()).as("%s bit %d", text, bit).isFalse();
      }
    }
  }

  /** Address 22 is 16: it ends the early one where the control 08 is its sum. */
  @Test
  void anAnswerCutShortAndALateOneAreNotOne() {
    byte[] frame = hex(GWF);
    frame[5] = 0x16;
    Random random = new Random(4);
    for (int i = 0; i < 20_000; i++) {
      frame[23] = (byte) random.nextInt(256);
      frame[24] = (byte) random.nextInt(256);
      frame[frame.length - 2] = (byte) Checksums.sum8(frame, 4, frame.length - 2);
      Hostile.joined(new MbusFramer(0x16), frame);
    }
  }

  @Test
  void damagedRecordsUnderAGoodChecksumNeverThrow() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      byte[] frame = hex(CYBLE);
      int damaged = 1 + random.nextInt(4);
      for (int i = 0; i < damaged; i++) {
        frame[7 + random.nextInt(frame.length - 9)] = (byte) random.nextInt(256);
      }
      frame[frame.length - 2] = (byte) Checksums.sum8(frame, 4, frame.length - 2);
      try {
        decoder.decode(frame);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void anAnswerIsFoundInEveryChunkingAndNoise() {
    byte[] frame = hex(GWF);
    MbusFramer framer = new MbusFramer(1);
    for (int length = 0; length < frame.length; length++) {
      assertThat(framer.examine(frame, length)).isEqualTo(Framing.needMore());
    }
    assertThat(framer.examine(frame, frame.length)).isEqualTo(Framing.complete(frame.length));
    // An echo of the request, then noise, then the answer.
    byte[] wire = hex(REQUEST_1_ODD + "FC68" + GWF);
    assertThat(ScriptedBus.heard(wire, framer))
        .isEqualToComparingFieldByField(new io.verge.driver.Answer.Frame(frame));
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] flipped = frame.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(ScriptedBus.heard(flipped, framer))
          .as("bit %d", bit)
          .isInstanceOf(io.verge.driver.Answer.Garbled.class);
    }
    assertThat(ScriptedBus.heard(frame, new MbusFramer(2)))
        .as("another meter's answer")
        .isInstanceOf(io.verge.driver.Answer.Garbled.class);
    assertThat(ScriptedBus.heard(hex("FC"), MbusFramer.ACK))
        .as("a collision")
        .isInstanceOf(io.verge.driver.Answer.Garbled.class);
  }

  @Test
  void explainsEachRecord() {
    Map<String, Object> json = decoder.decode(hex(CYBLE)).orThrow().json();
    assertThat(json)
        .containsEntry("id", "09011523")
        .containsEntry("manufacturer", "ACW")
        .containsEntry("medium_name", "water");
    assertThat(values(json))
        .containsExactly(
            new BigDecimal("9011523"),
            "09LA076755",
            "2014-03-13T14:26:00",
            new BigDecimal("2516"),
            new BigDecimal("0.031"),
            BigDecimal.ZERO,
            new BigDecimal("0.031"),
            "00 01 1F");
  }

  @Test
  void formsOfNumbers() {
    assertThat(one("0B 13 56 34 12")).isEqualTo(new BigDecimal("123.456"));
    assertThat(one("0B 13 56 34 F2")).isEqualTo(new BigDecimal("-23.456"));
    assertThat(one("0B 13 56 3A 02")).isEqualTo("no number: 023A56");
    assertThat(one("01 13 FF")).isEqualTo(new BigDecimal("-0.001"));
    assertThat(one("07 16 01 00 00 00 00 00 00 80"))
        .isEqualTo(new BigDecimal("-9223372036854775807"));
    assertThat(one("05 3E 00 00 20 40")).isEqualTo(new BigDecimal("2.5"));
    assertThat(one("05 3E 00 00 C0 7F")).isEqualTo("NaN");
    assertThat(one("04 93 7D 02 00 00 00")).as("times 1000").isEqualTo(new BigDecimal("2"));
    assertThat(one("02 93 74 02 00")).as("times 0.01").isEqualTo(new BigDecimal("0.00002"));
    assertThat(one("02 FB 10 02 00")).isEqualTo(new BigDecimal("200"));
    assertThat(one("0D 13 C2 34 12")).isEqualTo(new BigDecimal("1.234"));
    assertThat(one("0D 13 D2 34 12")).isEqualTo(new BigDecimal("-1.234"));
    assertThat(one("00 13")).isEqualTo("");
    assertThat(one("02 6C BF 1C")).isEqualTo("2013-12-31");
  }

  @Test
  void damagedRecordsAreInvalid() {
    for (String records :
        List.of(
            "04 13 00 00 00",
            "04",
            "84",
            "04 93",
            "3F",
            "0D 13 CA",
            "0D 7C 09 41 00",
            "84 80 80 80 80 80 80 80 80 80 80 00 13 00 00 00 00",
            "04 93 80 80 80 80 80 80 80 80 80 80 00 00 00 00 00")) {
      assertThat(decoder.decode(answer(records)).isValid()).as(records).isFalse();
    }
    assertThat(decoder.decode(answer("84 80 80 80 80 80 80 80 80 80 00 13 00 00 00 00")).isValid())
        .as("10 DIFE")
        .isTrue();
  }

  @Test
  void shorterHeadersAreRead() {
    Map<String, Object> brief =
        decoder.decode(hex("680D0D680801 7A 55100000 0C1331000000 3816")).orThrow().json();
    assertThat(brief).containsEntry("status", 16L).doesNotContainKey("id");
    assertThat(values(brief)).containsExactly(new BigDecimal("0.031"));
    Map<String, Object> none =
        decoder.decode(hex("680909680801 78 0C1331000000 D116")).orThrow().json();
    assertThat(values(none)).containsExactly(new BigDecimal("0.031"));
  }

  @Test
  void encryptedRecordsAreNotRead() {
    byte[] frame = answer("11 22 33 44");
    frame[18] = 0x05;
    frame[frame.length - 2] = (byte) Checksums.sum8(frame, 4, frame.length - 2);
    assertThat(decoder.decode(frame).orThrow().json()).containsEntry("encrypted", true);
  }

  @Test
  void aMeterIsResetOnceAndAskedWithTogglingCountBit() throws BusException {
    ScriptedBus bus =
        new ScriptedBus().on(NKE_1, "E5").on(REQUEST_1_ODD, GWF).on(REQUEST_1_EVEN, GWF);
    MbusDriver driver = driver("address = 1");
    for (int i = 0; i < 3; i++) {
      Readout readout = driver.poll(bus);
      assertThat(readout.quality()).isEqualTo(Quality.GOOD);
      assertThat(readout.values()).containsExactly(269_000, Sample.NONE, 0);
      assertThat(readout.identity()).containsKeys("number", "manufacturer", "version", "medium");
    }
    assertThat(bus.requests()).containsExactly(NKE_1, REQUEST_1_ODD, REQUEST_1_EVEN, REQUEST_1_ODD);
  }

  @Test
  void afterAFailureTheLinkIsReset() throws BusException {
    MbusDriver driver = driver("address = 1");
    ScriptedBus deaf = new ScriptedBus().on(NKE_1, "E5");
    assertThat(driver.poll(deaf).quality()).isEqualTo(Quality.TIMEOUT);
    ScriptedBus bus = new ScriptedBus().on(NKE_1, "E5").on(REQUEST_1_ODD, GWF);
    assertThat(driver.poll(bus).quality()).isEqualTo(Quality.GOOD);
    assertThat(bus.requests()).containsExactly(NKE_1, REQUEST_1_ODD);
    assertThat(driver("address = 1").poll(new ScriptedBus()).quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(driver("address = 1").poll(new ScriptedBus().on(NKE_1, "FC")).quality())
        .isEqualTo(Quality.GARBLED);
  }

  @Test
  void volumeFlowAndStatusOfOneMeter() throws BusException {
    ScriptedBus bus = new ScriptedBus().on("10400B4B16", "E5").on("107B0B8616", WATER_STAR);
    Readout readout = driver("address = 11").poll(bus);
    assertThat(readout.values()).containsExactly(332, 0, 0x27);
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void whatTheMeterRefusesOrDoubtsIsSaid() throws BusException {
    // libmbus error-frames/application_busy, from address 1.
    assertThat(answered("68040468080170088116").why()).isEqualTo("application busy");
    assertThat(answered("68040468080170088116").quality()).isEqualTo(Quality.REFUSED);
    byte[] doubtful = answer("0C 13 31 00 00 00");
    doubtful[16] = 0x08;
    doubtful[doubtful.length - 2] = (byte) Checksums.sum8(doubtful, 4, doubtful.length - 2);
    Readout readout = answered(Hex.plain(doubtful));
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).isEqualTo("meter says: permanent error");
    assertThat(readout.values()).containsExactly(31, Sample.NONE, 8);
    assertThat(answered(Hex.plain(answer("0C 78 31 00 00 00"))).why())
        .isEqualTo("no volume in 1 records");
    assertThat(answered(Hex.plain(answer("0C 13 31"))).quality()).isEqualTo(Quality.GARBLED);
  }

  @Test
  void onlyThePresentValueCounts() throws BusException {
    // Storage 1, then a maximum, tariff 1, volume with an extension, then the one that is meant.
    String records =
        "4C13 01000000 1C13 02000000 8C1013 03000000 0C933C 04000000 0C13 05000000 0B3B 000012";
    assertThat(answered(Hex.plain(answer(records))).values()).containsExactly(5, 120_000, 0);
  }

  @Test
  void furtherTelegramsAreFetchedUntilBothValuesAreThere() throws BusException {
    ScriptedBus bus =
        new ScriptedBus()
            .on(NKE_1, "E5")
            .on(REQUEST_1_ODD, Hex.plain(answer("0C13 05000000 1F")))
            .on(REQUEST_1_EVEN, Hex.plain(answer("0B3B 120000 1F")));
    MbusDriver driver = driver("address = 1");
    assertThat(driver.poll(bus).values()).containsExactly(5, 12, 0);
    driver.poll(bus);
    assertThat(bus.requests())
        .as("the unread third telegram must not answer the next poll")
        .containsExactly(
            NKE_1, REQUEST_1_ODD, REQUEST_1_EVEN, NKE_1, REQUEST_1_ODD, REQUEST_1_EVEN);
  }

  @Test
  void aSecondaryAddressIsSelectedEachTime() throws BusException {
    String select = Hex.plain(MbusCodec.select(hex("07201800E61E3507")));
    ScriptedBus bus = new ScriptedBus().on(select, "E5").on("107BFD7816", GWF);
    MbusDriver driver = driver("secondary = '00182007E61E3507'");
    assertThat(driver.poll(bus).values()[0]).isEqualTo(269_000);
    driver.poll(bus);
    assertThat(bus.requests())
        .containsExactly("1040FD3D16", select, "107BFD7816", "1040FD3D16", select, "107BFD7816");
  }

  @Test
  void anotherMetersAnswerIsNotTheSelectedOnes() throws BusException {
    for (String secondary :
        java.util.List.of("00182008E61E3507", "00182007E61E3607", "10182007FFFFFFFF")) {
      byte[] wire = hex(secondary);
      byte[] number = {wire[3], wire[2], wire[1], wire[0]};
      System.arraycopy(number, 0, wire, 0, 4);
      ScriptedBus bus =
          new ScriptedBus().on(Hex.plain(MbusCodec.select(wire)), "E5").on("107BFD7816", GWF);
      Readout readout = driver("secondary = '" + secondary + "'").poll(bus);
      assertThat(readout.quality()).as(secondary).isEqualTo(Quality.GARBLED);
      assertThat(readout.why()).isEqualTo("another meter answers: number 00182007");
    }
  }

  @Test
  void settings() {
    MbusDriverFactory factory = new MbusDriverFactory();
    TableSettings wrong = TableSettings.of("secondary = '123'");
    assertThat(factory.create(wrong, null, null)).isNull();
    assertThat(wrong.problems()).hasSize(1);
    TableSettings far = TableSettings.of("address = 251");
    factory.create(far, null, null);
    assertThat(far.problems()).hasSize(1);
    assertThat(factory.place(TableSettings.of("address = 9"))).isEqualTo("address 9");
    assertThat(factory.lane(far, null)).isEqualTo(Lane.METER);
    assertThat(factory.typeName(far, null)).isEqualTo("water");
  }

  private static Readout answered(String answer) throws BusException {
    return driver("address = 1").poll(new ScriptedBus().on(NKE_1, "E5").on(REQUEST_1_ODD, answer));
  }

  private static MbusDriver driver(String settings) {
    return (MbusDriver)
        Objects.requireNonNull(
            new MbusDriverFactory().create(TableSettings.of(settings), null, null));
  }

  private Object one(String record) {
    return values(decoder.decode(answer(record)).orThrow().json()).get(0);
  }

  private static List<Object> values(Map<String, Object> json) {
    return ((List<?>) Objects.requireNonNull(json.get("records")))
        .stream().map(record -> (Object) ((Map<?, ?>) record).get("value")).toList();
  }

  /** An answer of the meter at address 1 with these records. */
  private static byte[] answer(String records) {
    byte[] data = hex("08 01 72 78563412 4024 01 07 55 00 0000" + records);
    byte[] frame = new byte[data.length + 6];
    System.arraycopy(data, 0, frame, 4, data.length);
    frame[0] = 0x68;
    frame[1] = (byte) data.length;
    frame[2] = (byte) data.length;
    frame[3] = 0x68;
    frame[frame.length - 2] = (byte) Checksums.sum8(data, 0, data.length);
    frame[frame.length - 1] = 0x16;
    return frame;
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }
}
