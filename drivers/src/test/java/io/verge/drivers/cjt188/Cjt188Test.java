package io.verge.drivers.cjt188;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.Hostile;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Cjt188Test {
  /** Captures of one meter: fox-edge-server-protocol, cjt188/Demo.java. */
  private static final String READ = "68100100000508000001031F90003916";

  private static final String ANSWER =
      "FEFEFE6810010000050800008116901F00002301002C000000002C0000000000000000004816";
  private static final String BARE = ANSWER.substring(6);

  /** hftangyu.com/563.html, its checksum put right (the page prints 08). */
  private static final String TANGYU =
      "68104433221100337881161F9000007766552C007766552C3101221105152021841316";

  private static final String ADDRESS = "00000805000001";
  private final Cjt188Decoder decoder = new Cjt188Decoder();

  @Test
  void framesOfTheSources() {
    Map<String, Object> json = json(ANSWER);
    assertThat(json)
        .containsEntry("type", 0x10L)
        .containsEntry("address", ADDRESS)
        .containsEntry("di", "901F")
        .containsEntry("di_order", "BE")
        .containsEntry("valve", "open")
        .containsEntry("time_invalid", false)
        .doesNotContainKey("time");
    assertThat(value(json, 0)).isEqualTo(new BigDecimal("123.00"));
    json = json(TANGYU);
    assertThat(json)
        .containsEntry("meter", "0011223344")
        .containsEntry("vendor", "7833")
        .containsEntry("di_order", "LE")
        .containsEntry("time", "2015-05-11 22:01:31")
        .containsEntry("status", "2184")
        .containsEntry("valve", "closed");
    assertThat(value(json, 1)).isEqualTo(new BigDecimal("556677.00"));
    // "time" 60:20:20 of a captured meter is none.
    assertThat(json("6810010023091820008116901F01600000002C600000002C602020000000000000DC16"))
        .containsEntry("time_invalid", true);
    assertThat(json("FEFEFE6810010000050800002A04A0170055C016")).containsEntry("op", "open");
    assertThat(json("FEFEFE681001000005080000AA05A0170001FFEC16")).containsEntry("valve", "closed");
    assertThat(json("681002000005080000150AA01800010000050800006C16"))
        .containsEntry("new_address", ADDRESS);
  }

  @Test
  void theMostCopiedAnswerHasAWrongChecksum() {
    assertThat(decoder.decode(hex(TANGYU.replace("1316", "0816"))).isValid()).isFalse();
  }

  @Test
  void nothingDamagedPasses() {
    byte[] request = hex(READ);
    Cjt188Framer framer = new Cjt188Framer(request, 0);
    Hostile.framer(framer, BARE);
    Hostile.decoder(decoder, BARE);
    Hostile.decoder(decoder, READ);
    // A preamble may be longer or shorter: only its own bits do not count.
    Hostile.noise(decoder, hex(ANSWER));
  }

  @Test
  void anEchoAForeignAndALateAnswerAreSkipped() {
    Cjt188Framer framer = new Cjt188Framer(hex(READ), 0);
    Answer heard = ScriptedBus.heard(hex(READ + ANSWER), framer);
    assertThat(((Answer.Frame) heard).bytes()).isEqualTo(hex(BARE));
    for (byte[] wrong :
        List.of(
            answer(0x10, ADDRESS, 0x81, "901F05" + BARE.substring(28, 66)),
            answer(0x10, "00000805000002", 0x81, "901F00" + BARE.substring(28, 66)),
            answer(0x11, ADDRESS, 0x81, "901F00" + BARE.substring(28, 66)),
            answer(0x10, ADDRESS, 0x83, "810A00"),
            answer(0x10, ADDRESS, 0x81, "D12000" + BARE.substring(28, 66)))) {
      assertThat(ScriptedBus.heard(wrong, framer)).isInstanceOf(Answer.Garbled.class);
    }
    // Some meters give AA for any SER.
    byte[] any = answer(0x10, ADDRESS, 0x81, "901FAA" + BARE.substring(28, 66));
    assertThat(ScriptedBus.heard(any, framer)).isInstanceOf(Answer.Frame.class);
  }

  /** The length 16 of the late one ends the early one, and its control is a sum in 256. */
  @Test
  void anAnswerCutShortAndALateOneAreNotOne() {
    Cjt188Framer framer = new Cjt188Framer(hex(READ), 0);
    for (int total = 0; total < 10_000; total++) {
      Hostile.joined(framer, metering(true, 0, String.format("%04d00002C", total)));
    }
  }

  @Test
  void theOrderOfTheDiIsLearnedAndKept() throws BusException {
    for (boolean high : new boolean[] {true, false}) {
      ScriptedBus bus = new ScriptedBus();
      for (int ser = 1; ser < 9; ser++) {
        bus.on(read(high, ser), metering(high, ser, "002301002C"));
      }
      SerialDriver driver = driver("", null);
      Readout first = driver.poll(bus);
      assertThat(first.quality()).as(first.why()).isEqualTo(Quality.GOOD);
      assertThat(first.values()).containsExactly(123_000, 0, 0, 0, 0x00FF);
      assertThat(first.keep()).containsExactly(high ? 1 : 2);
      driver.poll(bus);
      // Low first costs one question in vain, once.
      assertThat(bus.requests()).hasSize(high ? 2 : 3);
      ScriptedBus after = new ScriptedBus().on(read(high, 1), metering(high, 1, "002301002C"));
      assertThat(driver("", first.keep()).poll(after).quality()).isEqualTo(Quality.GOOD);
      assertThat(after.requests()).hasSize(1);
    }
  }

  @Test
  void aReplacedMeterOfTheOtherOrderIsFound() throws BusException {
    ScriptedBus bus = new ScriptedBus().on(read(false, 2), metering(false, 2, "002301002C"));
    SerialDriver driver = driver("", new long[] {1});
    assertThat(driver.poll(bus).quality()).isEqualTo(Quality.TIMEOUT);
    Readout second = driver.poll(bus);
    assertThat(second.quality()).isEqualTo(Quality.GOOD);
    assertThat(second.keep()).containsExactly(2);
    SerialDriver fixed = driver("di_order = \"high-first\"", new long[] {2});
    fixed.poll(bus);
    fixed.poll(bus);
    assertThat(bus.requests()).allMatch(r -> r.contains("901F") || r.contains("1F9002"));
  }

  @Test
  void doubtfulTotalsAreNoReadings() throws BusException {
    assertThat(volume("002301002B").why()).contains("unknown unit 2B");
    assertThat(volume("0A2301002C").why()).contains("not a decimal number");
    assertThat(volume("FFFFFFFF2C").values()[0]).isEqualTo(Sample.NONE);
    assertThat(volume("0023010005").why()).contains("no volume");
    // 123 litres.
    assertThat(volume("0023010029").values()[0]).isEqualTo(123);
    for (String total : List.of("002301002B", "0A2301002C", "FFFFFFFF2C", "0023010005")) {
      assertThat(volume(total).quality()).isEqualTo(Quality.SUSPECT);
      assertThat(volume(total).values()[0]).isEqualTo(Sample.NONE);
    }
  }

  @Test
  void shortAndMakersAnswersGiveWhatIsCertain() throws BusException {
    Readout brief = polled("901F01" + "002301002C" + "05");
    assertThat(brief.values()).containsExactly(123_000, Sample.NONE, 1, 1, 0x0500);
    Readout longer = polled("901F01" + "002301002C" + "00".repeat(20));
    assertThat(longer.values()[0]).isEqualTo(123_000);
    assertThat(longer.values()[4]).isEqualTo(Sample.NONE);
    assertThat(polled("901F01" + "0023").quality()).isEqualTo(Quality.SUSPECT);
  }

  @Test
  void aRefusalIsSaid() throws BusException {
    ScriptedBus bus =
        new ScriptedBus()
            .on(read(true, 1), answer(0x10, ADDRESS, 0xC1, "010200"))
            .on(read(false, 2), answer(0x10, ADDRESS, 0xC1, "020200"));
    Readout readout = driver("", null).poll(bus);
    assertThat(readout.quality()).isEqualTo(Quality.REFUSED);
    assertThat(readout.why()).contains("02 02 00");
  }

  @Test
  void theValveIsSetAndReadBack() throws BusException {
    byte[] close = Cjt188Codec.request(0x10, wire(), 4, Cjt188Codec.data(0xA017, true, 1, 0x99), 4);
    ScriptedBus bus =
        new ScriptedBus()
            .on(close, answer(0x10, ADDRESS, 0x84, "A0170101FF"))
            .on(
                read(true, 2),
                answer(
                    0x10,
                    ADDRESS,
                    0x81,
                    "901F02" + "002301002C".repeat(2) + "00".repeat(7) + "01FF"));
    Order order = new Order("set-valve", Map.of("position", "closed"));
    Outcome outcome = driver("", new long[] {1}).execute(bus, order);
    assertThat(outcome.state()).as(outcome.why()).isEqualTo(Outcome.State.DONE);
    ScriptedBus open =
        new ScriptedBus()
            .on(close, answer(0x10, ADDRESS, 0x84, "A0170100FF"))
            .on(read(true, 2), metering(true, 2, "002301002C"));
    assertThat(driver("", new long[] {1}).execute(open, order).why()).contains("open so far");
    assertThat(driver("", null).execute(new ScriptedBus(), order).state())
        .isEqualTo(Outcome.State.FAILED);
    assertThat(driver("", null).execute(bus, new Order("set-valve", Map.of())).state())
        .isEqualTo(Outcome.State.REJECTED);
  }

  @Test
  void theWildcardTakesTheOnlyMeter() throws BusException {
    byte[] request =
        Cjt188Codec.request(0xAA, hex("AAAAAAAAAAAAAA"), 1, Cjt188Codec.data(0x901F, true, 1), 4);
    ScriptedBus bus = new ScriptedBus().on(request, metering(true, 1, "002301002C"));
    TableSettings settings = TableSettings.of("address = \"any\"\nmeter_type = 0xAA");
    SerialDriver driver =
        requireNonNull((SerialDriver) new Cjt188DriverFactory().create(settings, null, null));
    assertThat(driver.poll(bus).quality()).isEqualTo(Quality.GOOD);
    assertThat(settings.problems()).isEmpty();
  }

  @Test
  void wrongSettingsAreReported() {
    TableSettings settings = TableSettings.of("address = \"12\"");
    assertThat(new Cjt188DriverFactory().create(settings, null, null)).isNull();
    assertThat(settings.problems()).anyMatch(problem -> problem.contains("address"));
  }

  private static Readout volume(String totalAndUnit) throws BusException {
    return polled("901F01" + totalAndUnit + "000000002C" + "00".repeat(9));
  }

  private static Readout polled(String data) throws BusException {
    ScriptedBus bus = new ScriptedBus().on(read(true, 1), answer(0x10, ADDRESS, 0x81, data));
    return driver("di_order = \"high-first\"", null).poll(bus);
  }

  private static SerialDriver driver(String more, long @Nullable [] keep) {
    TableSettings settings = TableSettings.of("address = \"" + ADDRESS + "\"\n" + more);
    return requireNonNull((SerialDriver) new Cjt188DriverFactory().create(settings, null, keep));
  }

  private static byte[] read(boolean high, int ser) {
    return Cjt188Codec.request(0x10, wire(), 1, Cjt188Codec.data(0x901F, high, ser), 4);
  }

  private static byte[] metering(boolean high, int ser, String total) {
    String di = high ? "901F" : "1F90";
    return answer(
        0x10,
        ADDRESS,
        0x81,
        String.format("%s%02X", di, ser) + total + "000000002C" + "00".repeat(7) + "00FF");
  }

  private static byte[] answer(int type, String address, int control, String data) {
    return Cjt188Codec.request(
        type, io.verge.drivers.wire.bcd.Bcd.bytes(address), control, hex(data), 0);
  }

  private static byte[] wire() {
    return io.verge.drivers.wire.bcd.Bcd.bytes(ADDRESS);
  }

  private Map<String, Object> json(String frame) {
    return decoder.decode(hex(frame)).orThrow().json();
  }

  private static @Nullable Object value(Map<String, Object> json, int record) {
    List<?> records = (List<?>) json.getOrDefault("records", List.of());
    return ((Map<?, ?>) records.get(record)).get("value");
  }

  private static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }
}
