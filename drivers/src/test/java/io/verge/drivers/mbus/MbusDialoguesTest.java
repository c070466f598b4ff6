package io.verge.drivers.mbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.verge.bytes.Hex;
import io.verge.driver.Readout;
import io.verge.drivers.Vectors;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Recorded meters, byte for byte, through driver and bus. */
class MbusDialoguesTest {
  /** M-Bus documentation rev. 4.8, page 35: 1 litre now, 135 litres at the due date. */
  private static final String FIXED = "68131368080573785634120A00E97E01000000350100003C16";

  /** rscada/libmbus issue 88: a Sontex 531 at address 5; DIF 1F at the end, more would follow. */
  private static final String SONTEX =
      "6877776808057266872416EE4D0D0494300000055B00000000055F00000000053E00000000052B00000000"
          + "01FF0701059628B4A2913905FF01AC0DC23D05FF023689C73E01FF040101FD0F2A02FD0D29000322FB0D00"
          + "01701E828901FD253C00828203FD26180002EC7E010FC28401EC7E0107828501EC7E01011F0016";

  /** rscada/libmbus at f09d613, test-frames/GWF-MTKcoder. */
  private static final String GWF =
      "681B1B6808017207201800E61E35074C0000000C78072018000C16690200009616";

  @Test
  void theFixedStructureIsRead() throws Exception {
    CapturedLine line = meter(new CapturedLine(1, false), FIXED);
    Readout readout = line.talk(new MbusDriver(5, null)::poll);
    assertThat(readout.why()).isEmpty();
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
    assertThat(readout.values()).containsExactly(1, Sample.NONE, 0);
    assertThat(line.requests()).containsExactly("1040054516", "107B058016");
  }

  @Test
  void theFixedStructuresOwnBitsAndUnits() throws Exception {
    assertThat(fixed("01 AC 7E 0A000000 00000000").values())
        .containsExactly(10_000, Sample.NONE, 0);
    assertThat(fixed("0C A9 B2 50000000 07000000").values()).containsExactly(50, 7, 0x0C);
    assertThat(fixed("0C A9 B2 50000000 07000000").why()).contains("permanent error");
    Readout due = fixed("02 A9 B2 50000000 07000000");
    assertThat(due.quality()).isEqualTo(Quality.SUSPECT);
    assertThat(due.why()).isEqualTo("the counters are those of the due date, not of now");
    assertThat(due.values()).containsExactly(Sample.NONE, Sample.NONE, 0);
    assertThat(fixed("00 05 7E 50000000 00000000").why()).isEqualTo("no volume in 2 records");
    assertThat(fixed("00 A9 B2 5A000000 07000000").quality()).isEqualTo(Quality.GARBLED);
  }

  @Test
  void theFixedStructureTellsWhoAnswers() throws Exception {
    byte[] number = {0x78, 0x56, 0x34, 0x12, -1, -1, -1, -1};
    for (int last : new int[] {0x12, 0x13}) {
      number[3] = (byte) last;
      CapturedLine line =
          new CapturedLine(8, false)
              .on(Hex.plain(MbusCodec.select(number)), "E5")
              .on("107BFD7816", FIXED);
      assertThat(line.talk(new MbusDriver(0, number)::poll).quality())
          .isEqualTo(last == 0x12 ? Quality.GOOD : Quality.GARBLED);
    }
  }

  @Test
  void whatACaptureEndsBeforeIsNotMadeUp() throws Exception {
    CapturedLine line = new CapturedLine(16, false).on("1040054516", "E5").on("107B058016", SONTEX);
    Readout readout = line.talk(new MbusDriver(5, null)::poll);
    assertThat(readout.quality()).isEqualTo(Quality.TIMEOUT);
    assertThat(readout.values()).containsOnly(Sample.NONE);
    assertThat(line.requests()).containsExactly("1040054516", "107B058016", "105B056016");
  }

  @Test
  void theCollidingAcksOfIssues24And61AreNoMeter() throws Exception {
    for (String collision : List.of("FC", "FD", "FE")) {
      CapturedLine line = new CapturedLine(1, false).on("1040014116", collision);
      assertThat(line.talk(new MbusDriver(1, null)::poll).quality()).isEqualTo(Quality.GARBLED);
    }
  }

  @Test
  void anEchoingConverterChangesNothing() throws Exception {
    for (int lump : new int[] {1, 7, 16}) {
      CapturedLine line = meter(new CapturedLine(lump, true), GWF);
      MbusDriver driver = new MbusDriver(1, null);
      for (int i = 0; i < 2; i++) {
        assertThat(line.talk(driver::poll).values()).containsExactly(269_000, Sample.NONE, 0);
      }
    }
  }

  /** Each captured answer, asked for by the driver; its volume against libmbus's own XML. */
  @Test
  void everyCapturedMeterIsReadAsLibmbusReadsIt() throws Exception {
    List<String> differences = new ArrayList<>();
    int meters = 0;
    int volumes = 0;
    for (JsonObject vector : Vectors.of("mbus.jsonl")) {
      JsonObject expected = vector.getAsJsonObject("expected");
      String hex = vector.get("hex").getAsString();
      if (!expected.has("slave") || address(hex) > MbusCodec.ADDRESS_MOST) {
        continue;
      }
      Readout readout =
          meter(new CapturedLine(1 + meters % 16, meters % 2 == 1), hex)
              .talk(new MbusDriver(address(hex), null)::poll);
      meters++;
      long volume = volume(expected);
      volumes += volume == Sample.NONE ? 0 : 1;
      if (volume != readout.values()[0]) {
        differences.add(
            vector.get("meaning").getAsString()
                + ": "
                + volume
                + " / "
                + readout.values()[0]
                + " "
                + readout.why());
      }
    }
    String report = meters + " meters, " + volumes + " with a volume; " + differences;
    assertThat(differences).as(report).isEmpty();
    assertThat(meters).as(report).isGreaterThanOrEqualTo(50);
    assertThat(volumes).as(report).isGreaterThanOrEqualTo(20);
  }

  /** The first present volume of libmbus's XML, in litres. */
  private static long volume(JsonObject expected) {
    for (JsonElement element : expected.getAsJsonArray("records")) {
      JsonObject record = element.getAsJsonObject();
      boolean present =
          text(record, "Function").equals("Instantaneous value")
              && text(record, "StorageNumber").equals("0")
              && (!record.has("Tariff") || text(record, "Tariff").equals("0"))
              && (!record.has("Device") || text(record, "Device").equals("0"));
      if (present && text(record, "Quantity").equals("Volume")) {
        return new BigDecimal(text(record, "Value"))
            .scaleByPowerOfTen(3)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact();
      }
    }
    return Sample.NONE;
  }

  private static String text(JsonObject record, String key) {
    return record.has(key) ? record.get(key).getAsString() : "";
  }

  private static int address(String hex) {
    return Integer.parseInt(hex.substring(10, 12), 16);
  }

  /** The captured answer to a reset link and to each request, whatever its count bit. */
  private static CapturedLine meter(CapturedLine line, String hex) {
    int address = address(hex);
    return line.on(Hex.plain(MbusCodec.shortFrame(MbusCodec.SND_NKE, address)), "E5")
        .on(Hex.plain(MbusCodec.shortFrame(MbusCodec.REQ_UD2, address)), hex)
        .on(Hex.plain(MbusCodec.shortFrame(MbusCodec.REQ_UD2 | MbusCodec.FCB, address)), hex);
  }

  /** The example's meter with another status, units and counters. */
  private static Readout fixed(String status) throws Exception {
    byte[] data = Hex.parse("08057378563412 0A" + status).orThrow();
    byte[] frame = new byte[data.length + 6];
    System.arraycopy(data, 0, frame, 4, data.length);
    frame[0] = 0x68;
    frame[1] = (byte) data.length;
    frame[2] = (byte) data.length;
    frame[3] = 0x68;
    int sum = 0;
    for (byte one : data) {
      sum += one;
    }
    frame[frame.length - 2] = (byte) sum;
    frame[frame.length - 1] = 0x16;
    return meter(new CapturedLine(4, false), Hex.plain(frame)).talk(new MbusDriver(5, null)::poll);
  }
}
