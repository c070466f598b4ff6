package io.verge.drivers.dlt645;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.Answer;
import io.verge.driver.BusException;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.Hostile;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.TableSettings;
import io.verge.drivers.wire.bcd.Bcd;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Dlt645Test {
  /** Captures in Go tests of a gateway: 7502.64 kWh, of meter 910004920760. */
  private static final String ENERGY = "68600792040091689108333333339735A8336A16";

  /** hwhale.com/article/138066; its sum is 16, the byte that ends a frame. */
  private static final String CURRENT_REQUEST = "68610100000000681104333435351816";

  private static final String ADDRESS = "910004920760";
  private final Dlt645Decoder decoder = new Dlt645Decoder();

  @Test
  void framesOfTheSources() {
    assertThat(json("FEFEFEFE" + ENERGY))
        .containsEntry("address", ADDRESS)
        .containsEntry("di", "00000000")
        .containsEntry("version", 2007L);
    assertThat(value(json(ENERGY), 0)).isEqualTo(new BigDecimal("7502.64"));
    assertThat(value(json("FEFEFEFE688453661605176891063334343549554416"), 0))
        .isEqualTo(new BigDecimal("221.6"));
    assertThat(json("FEFEFEFE6811111111111168D101353D16"))
        .containsEntry("kind", "refusal")
        .containsEntry("error", 2L)
        .containsEntry("meaning", "no such data");
    // A captured energy with the digit E.
    assertThat(json("681806360400916891083333343333334133F916")).containsEntry("invalid_bcd", true);
    // DL/T 645-1997: 1343.89 kWh.
    Map<String, Object> old = json("FEFEFEFE6811111153123568810743C3BC764633340A16");
    assertThat(old).containsEntry("version", 1997L).containsEntry("di", "9010");
    assertThat(value(old, 0)).isEqualTo(new BigDecimal("1343.89"));
    assertThat(json("6801011900000068930634344C333333D116")).containsEntry("meter", "000000190101");
  }

  @Test
  void nothingDamagedPasses() {
    byte[] request = request(0, new byte[] {0, 0, 0, 0});
    Hostile.framer(new Dlt645Framer(request, 0, 4), ENERGY);
    Hostile.decoder(decoder, ENERGY);
    Hostile.decoder(decoder, CURRENT_REQUEST);
    // A doubled 68 of a faulty UART: the second one begins the frame.
    Answer heard = ScriptedBus.heard(hex("68" + ENERGY), new Dlt645Framer(request, 0, 4));
    assertThat(heard).isInstanceOf(Answer.Frame.class);
    assertThat(decoder.decode(hex("68" + ENERGY)).isValid()).isFalse();
  }

  @Test
  void foreignAnswersAndEchoesAreSkipped() {
    byte[] request = request(0, new byte[] {0, 0, 0, 0});
    Dlt645Framer framer = new Dlt645Framer(request, 0, 4);
    for (byte[] wrong :
        List.of(
            request,
            answer("910004920761", 0x91, "00000000" + "64027500"),
            answer(ADDRESS, 0x91, "00000100" + "64027500"),
            answer(ADDRESS, 0x93, "000000000000"))) {
      assertThat(ScriptedBus.heard(wrong, framer)).isInstanceOf(Answer.Garbled.class);
    }
  }

  @Test
  void aPollGivesAllPoints() throws BusException {
    Readout readout = driver("phases = \"1\"").poll(meter());
    assertThat(readout.quality()).as(readout.why()).isEqualTo(Quality.GOOD);
    // 7502.64 kWh, 1.00 kWh, 221.6 V, -1.234 A, 25000.5 W, 0.987, 49.98 Hz.
    assertThat(readout.values()).containsExactly(750_264, 100, 2216, -1234, 250_005, 987, 4998);
    assertThat(readout.keep()).containsExactly(2007);
  }

  @Test
  void phasesComeAsABlock() throws BusException {
    ScriptedBus bus = meter();
    item(bus, 0x0201FF00, "1622" + "1822" + "FFFF");
    item(bus, 0x0202FF00, "341280" + "000100" + "000000");
    Readout readout = driver("").poll(bus);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.why()).contains("voltage_3: no number");
    assertThat(readout.values())
        .containsExactly(750_264, 100, 2216, 2218, Sample.NONE, -1234, 100, 0, 250_005, 987, 4998);
    assertThat(requireNonNull(readout.pointQuality())[4]).isEqualTo((byte) Quality.SUSPECT.code());
    assertThat(requireNonNull(readout.pointQuality())[3]).isEqualTo((byte) 0);
  }

  @Test
  void aRefusedItemCostsOnlyItsOwnPoint() throws BusException {
    ScriptedBus bus = meter().on(request(0x00020000L), answer(ADDRESS, 0xD1, "02"));
    Readout readout = driver("phases = \"1\"").poll(bus);
    assertThat(readout.values()[1]).isEqualTo(Sample.NONE);
    assertThat(readout.values()[6]).isEqualTo(4998);
    assertThat(readout.why()).isEqualTo("energy_export: no such data");
  }

  @Test
  void anAnswerInSeveralFramesIsPutTogether() throws BusException {
    ScriptedBus bus =
        new ScriptedBus()
            .on(request(0x0001FF00L), answer(ADDRESS, 0xB1, "00FF0100" + "64027500"))
            .on(readOn(1), answer(ADDRESS, 0xB2, "00FF0100" + "01000000" + "01"))
            .on(readOn(2), answer(ADDRESS, 0x92, "00FF0100" + "02000000" + "02"));
    Dlt645Reader reader = new Dlt645Reader(Bcd.bytes(ADDRESS), 4);
    Dlt645Reader.Found found = reader.read(bus, 0x0001FF00L, false);
    assertThat(found).isInstanceOf(Dlt645Reader.Found.Data.class);
    assertThat(((Dlt645Reader.Found.Data) found).values())
        .isEqualTo(hex("640275000100000002000000"));
    // A repeated second frame is not the third.
    bus.on(readOn(2), answer(ADDRESS, 0x92, "00FF0100" + "01000000" + "01"));
    assertThat(reader.read(bus, 0x0001FF00L, false)).isInstanceOf(Dlt645Reader.Found.Nothing.class);
    // A meter that never ends is given up on.
    ScriptedBus endless =
        new ScriptedBus().on(request(0x0001FF00L), answer(ADDRESS, 0xB1, "00FF0100"));
    for (int i = 1; i < 20; i++) {
      endless.on(readOn(i), answer(ADDRESS, 0xB2, String.format("00FF010000%02X", i)));
    }
    assertThat(reader.read(endless, 0x0001FF00L, false))
        .isInstanceOf(Dlt645Reader.Found.Nothing.class);
    assertThat(endless.requests()).hasSize(16);
  }

  @Test
  void aMeterOf1997IsRecognised() throws BusException {
    ScriptedBus bus = new ScriptedBus();
    old(bus, 0x9010, "89431300");
    old(bus, 0x9020, "00000000");
    old(bus, 0xB611, "2102");
    old(bus, 0xB621, "3412");
    old(bus, 0xB630, "050025");
    old(bus, 0xB650, "8709");
    SerialDriver driver = driver("phases = \"1\"");
    Readout readout = driver.poll(bus);
    assertThat(readout.values())
        .containsExactly(134_389, 0, 2210, 12_340, 250_005, 987, Sample.NONE);
    assertThat(readout.keep()).containsExactly(1997);
    assertThat(bus.requests()).hasSize(7);
    driver.poll(bus);
    assertThat(bus.requests()).hasSize(13);
  }

  @Test
  void silenceIsSaidAndAsksNoMore() throws BusException {
    ScriptedBus bus = new ScriptedBus();
    assertThat(driver("").poll(bus).quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(bus.requests()).hasSize(2);
    ScriptedBus half = new ScriptedBus();
    item(half, 0x00010000, "64027500");
    Readout readout = driver("").poll(half);
    assertThat(half.requests()).hasSize(2);
    assertThat(readout.values()[0]).isEqualTo(750_264);
    assertThat(requireNonNull(readout.pointQuality())[10]).isEqualTo((byte) Quality.TIMEOUT.code());
  }

  @Test
  void wrongSettingsAreReported() {
    TableSettings settings = TableSettings.of("address = \"12\"\nphases = \"2\"");
    assertThat(new Dlt645DriverFactory().create(settings, null, null)).isNull();
    assertThat(settings.problems()).hasSize(2);
  }

  private static ScriptedBus meter() {
    ScriptedBus bus = new ScriptedBus();
    item(bus, 0x00010000, "64027500");
    item(bus, 0x00020000, "00010000");
    item(bus, 0x02010100, "1622");
    item(bus, 0x02020100, "341280");
    item(bus, 0x02030000, "050025");
    item(bus, 0x02060000, "8709");
    item(bus, 0x02800002, "9849");
    return bus;
  }

  private static void item(ScriptedBus bus, long di, String values) {
    String sent = Hex.plain(Dlt645Codec.di(di, 4));
    bus.on(request(di), answer(ADDRESS, 0x91, sent + values));
  }

  private static void old(ScriptedBus bus, int di, String values) {
    byte[] asked = Dlt645Codec.di(di, 2);
    bus.on(
        Dlt645Codec.request(Bcd.bytes(ADDRESS), 0x01, asked, 4),
        answer(ADDRESS, 0x81, Hex.plain(asked) + values));
  }

  private static byte[] request(long di) {
    return request(4, Dlt645Codec.di(di, 4));
  }

  private static byte[] request(int wake, byte[] data) {
    return Dlt645Codec.request(Bcd.bytes(ADDRESS), 0x11, data, wake);
  }

  private static byte[] readOn(int sequence) {
    return Dlt645Codec.request(
        Bcd.bytes(ADDRESS), 0x12, Dlt645Codec.di(0x0001FF00L, 4, sequence), 4);
  }

  private static byte[] answer(String address, int control, String data) {
    return Dlt645Codec.request(Bcd.bytes(address), control, hex(data), 0);
  }

  private static SerialDriver driver(String more) {
    TableSettings settings = TableSettings.of("address = \"" + ADDRESS + "\"\n" + more);
    return requireNonNull((SerialDriver) new Dlt645DriverFactory().create(settings, null, null));
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
