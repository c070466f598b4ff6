package io.verge.drivers.at;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Framing;
import io.verge.driver.Order;
import io.verge.driver.Readout;
import io.verge.drivers.ScriptedBus;
import io.verge.drivers.Vectors;
import io.verge.model.Outcome;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AtTest {
  private final AtDecoder decoder = new AtDecoder();

  @Test
  void answersOfTheLogs() {
    // ARMmbed/mbed-os issue 12412 (Quectel EC21), 14510 (SARA-R500S); SeeedJP WioLTE 34.
    assertThat(json("\r\n+CSQ: 30,99\r\n\r\nOK\r\n")).containsEntry("rssi_dbm", -53L);
    assertThat(json("\r\n+CSQ: 99,99\r\n\r\nOK\r\n")).doesNotContainKey("rssi_dbm");
    assertThat(json("+CEREG: 0,2\n\nOK")).containsEntry("searching", true);
    assertThat(json("\r\n+COPS: 0\r\n\r\nOK\r\n")).doesNotContainKey("operator");
    assertThat(json("ERROR")).containsEntry("error", true);
    assertThat(json("+CESQ: 99,99,255,255,20,80\r\nOK\r\n"))
        .containsEntry("rsrp_dbm", -61L)
        .containsEntry("rsrq_db", new java.math.BigDecimal("-10.0"));
  }

  @Test
  void everyAnswerOfTheBulkLogsReadsAsDescribed() {
    for (JsonObject vector : Vectors.of("at.jsonl")) {
      Map<String, Object> json = json(vector.get("response").getAsString());
      vector
          .getAsJsonObject("expected")
          .entrySet()
          .forEach(
              entry -> {
                JsonElement value = entry.getValue();
                if (entry.getKey().equals("note") || value.isJsonNull()) {
                  return;
                }
                assertThat(String.valueOf(json.get(entry.getKey())))
                    .as("%s of %s", entry.getKey(), vector)
                    .isEqualTo(value.getAsString());
              });
    }
  }

  @Test
  void bytesThatAreNoTextAndNoAnswerAreInvalid() {
    assertThat(decoder.decode(new byte[0]).isValid()).isFalse();
    assertThat(decoder.decode(new byte[] {'+', 0, 1}).isValid()).isFalse();
    assertThat(decoder.decode(new byte[2000]).isValid()).isFalse();
    assertThat(decoder.decode(text("\r\n\r\n")).isValid()).isFalse();
    Random random = new Random(3);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = text("\r\n+CEREG: 2,1,\"2616\",\"DDAEA01\",7\r\n\r\nOK\r\n");
      for (int n = 0; n < 3; n++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
      }
      assertThat(decoder.decode(bytes)).isNotNull();
    }
  }

  @Test
  void anAnswerEndsWithItsLastLineInEveryChunking() {
    byte[] whole = text("AT+CSQ\r\r\n+CSQ: 17,99\r\n\r\nOK\r\n");
    int end = whole.length - 1;
    for (int length = 0; length < end; length++) {
      assertThat(AtAnswer.examine(whole, length)).isEqualTo(Framing.needMore());
    }
    assertThat(AtAnswer.examine(whole, end)).isEqualTo(Framing.complete(end));
    byte[] babble = new byte[AtAnswer.BYTES_MAX];
    assertThat(AtAnswer.examine(babble, babble.length).state()).isEqualTo(Framing.State.SKIP);
  }

  @Test
  void aModemIsReadWithOtherLinesInBetween() throws BusException {
    ScriptedBus bus = modem();
    Readout readout = new AtDriver().poll(bus);
    assertThat(readout.why()).isEmpty();
    assertThat(readout.values())
        .containsExactly(-79, -90, -105, 5, 7, 26803, 268031234567890L, 861234567890123L);
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.identity())
        .containsOnly(
            Map.entry("iccid", "8935101234567890123"),
            Map.entry("imsi", "268031234567890"),
            Map.entry("imei", "861234567890123"));
  }

  @Test
  void aCardWithoutNumberHurtsNoPoint() throws BusException {
    ScriptedBus bus = modem();
    on(bus, "AT+CCID", "\r\n+CME ERROR: 10\r\n");
    Readout readout = new AtDriver().poll(bus);
    assertThat(readout.why()).isEqualTo("AT+CCID: +CME ERROR: 10");
    assertThat(readout.pointQuality()).containsOnly(Quality.GOOD.code());
    assertThat(readout.identity()).doesNotContainKey("iccid");
    on(bus, "AT+CCID", "\r\n89860318760101234567\r\n\r\nOK\r\n");
    assertThat(new AtDriver().poll(bus).identity()).containsEntry("iccid", "89860318760101234567");
  }

  @Test
  void anAnswerToAnotherCommandIsNoReading() throws BusException {
    ScriptedBus bus = modem();
    on(bus, "AT+CEREG?", "\r\n+CSQ: 17,99\r\n\r\nOK\r\n");
    on(bus, "AT+CIMI", "\r\n+CME ERROR: 10\r\n");
    Readout readout = new AtDriver().poll(bus);
    assertThat(readout.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(readout.values()[3]).isEqualTo(Sample.NONE);
    assertThat(readout.values()[6]).isEqualTo(Sample.NONE);
    assertThat(readout.why())
        .isEqualTo("AT+CEREG?: no +CEREG in the answer; AT+CIMI: +CME ERROR: 10");
    assertThat(new AtDriver().poll(new ScriptedBus()).quality()).isEqualTo(Quality.TIMEOUT);
  }

  @Test
  void resets() throws BusException {
    ScriptedBus bus = modem();
    Order reset = new Order("reset", Map.of());
    assertThat(new AtDriver().execute(bus, reset).state()).isEqualTo(Outcome.State.FAILED);
    on(bus, "AT+CFUN=1,1", "\r\nOK\r\n");
    assertThat(new AtDriver().execute(bus, reset).state()).isEqualTo(Outcome.State.DONE);
  }

  @Test
  void registersAnewAndSwitchesTheRadioAndNeverLeavesItOff() throws BusException {
    ScriptedBus bus = modem();
    on(bus, "AT+COPS=2", "\r\nOK\r\n");
    on(bus, "AT+COPS=0", "AT+COPS=0\r\r\n+CEREG: 2\r\n\r\nOK\r\n");
    Order reregister = new Order("reregister", Map.of());
    assertThat(new AtDriver().execute(bus, reregister).state()).isEqualTo(Outcome.State.DONE);
    on(bus, "AT+CFUN=4", "\r\n+CME ERROR: 3\r\n");
    on(bus, "AT+CFUN=1", "\r\nOK\r\n");
    Outcome radio = new AtDriver().execute(bus, new Order("radio", Map.of()));
    assertThat(radio.state()).isEqualTo(Outcome.State.FAILED);
    assertThat(radio.why()).isEqualTo("AT+CFUN=4: +CME ERROR: 3");
    assertThat(bus.requests())
        .endsWith(Hex.plain(text("AT+CFUN=4\r")), Hex.plain(text("AT+CFUN=1\r")));
    Outcome silent = new AtDriver().execute(new ScriptedBus(), new Order("radio", Map.of()));
    assertThat(silent.why()).isEqualTo("AT+CFUN=4: no answer of the modem within 20 s");
  }

  private static ScriptedBus modem() {
    ScriptedBus bus = new ScriptedBus();
    on(bus, "AT+CSQ", "AT+CSQ\r\r\n+CSQ: 17, 99\r\n\r\nOK\r\n");
    on(bus, "AT+CESQ", "\r\n+CESQ: 99,99,255,255,19,51\r\n\r\nOK\r\n");
    on(
        bus,
        "AT+CEREG?",
        "\r\n+QIND: \"csq\",17\r\n\r\n+CEREG: 2,5,\"2616\",\"DD01\",7\r\n\r\nOK\r\n");
    on(bus, "AT+COPS=3,2", "\r\nOK\r\n");
    on(bus, "AT+COPS?", "\r\n+COPS: 0,2,\"26803\",7\r\n\r\nOK\r\n");
    on(bus, "AT+CIMI", "\r\n268031234567890\r\n\r\nOK\r\n");
    on(bus, "AT+CCID", "\r\n+CCID: 8935101234567890123F\r\n\r\nOK\r\n");
    on(bus, "AT+CGSN", "\r\n861234567890123\r\n\r\nOK\r\n");
    return bus;
  }

  private static void on(ScriptedBus bus, String command, String answer) {
    bus.on(text(command + "\r"), text(answer));
  }

  private Map<String, Object> json(String answer) {
    return decoder.decode(text(answer)).orThrow().json();
  }

  private static byte[] text(String text) {
    return Hex.parse(Hex.plain(text.getBytes(StandardCharsets.US_ASCII))).orThrow();
  }
}
