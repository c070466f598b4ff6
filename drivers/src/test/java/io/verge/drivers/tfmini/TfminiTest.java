package io.verge.drivers.tfmini;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Hex;
import io.verge.driver.BusException;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.Hostile;
import io.verge.drivers.Listened;
import io.verge.drivers.TableSettings;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class TfminiTest {
  /** Capture in opensensinglab/tfmini, issue 16: 207 cm, strength 8971, 58 degrees. */
  private static final String FRAME = "5959CF000B23D00988";

  private final TfminiDecoder decoder = new TfminiDecoder();

  @Test
  void theFrameOfTheSource() {
    assertThat(decoder.decode(Hex.parse(FRAME).orThrow()).orThrow().json())
        .containsEntry("distance_cm", 207L)
        .containsEntry("strength", 8971L)
        .containsEntry("temp_c", new BigDecimal("58.0"));
  }

  @Test
  void nothingDamagedPasses() {
    Hostile.framer(TfminiCodec.FRAMER, FRAME);
    Hostile.decoder(decoder, FRAME);
  }

  @Test
  void fillIsTheMedianOfTheEchoes() throws BusException {
    Readout readout = driver().poll(Listened.hex("59" + FRAME.repeat(5)));
    assertThat(readout.values()).containsExactly(29, 2070, 0, 5);
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void weakSaturatedAndBlindedAreNoDistance() throws BusException {
    // Product manual A05, page 12: -1, -2, -4; a distance with strength 100; saturated strength.
    for (String body : new String[] {"FFFF0A00", "FEFFFFFF", "FCFF0B23", "CF006400", "CF00FFFF"}) {
      byte[] frame = Hex.parse("5959" + body + "D00900").orThrow();
      frame[8] = (byte) io.verge.bytes.Checksums.sum8(frame, 0, 8);
      Readout readout = driver().poll(Listened.hex(Hex.plain(frame).repeat(5)));
      assertThat(readout.quality()).as(body).isEqualTo(Quality.SUSPECT);
      assertThat(readout.values()[1]).isEqualTo(Sample.NONE);
    }
  }

  private static SerialDriver driver() {
    TableSettings settings = TableSettings.of("empty_mm = 2500\nfull_mm = 1000");
    return requireNonNull((SerialDriver) new TfminiDriverFactory().create(settings, null, null));
  }
}
