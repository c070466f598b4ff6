package io.verge.drivers.maxbotix;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.driver.BusException;
import io.verge.driver.Framing;
import io.verge.driver.Readout;
import io.verge.driver.SerialDriver;
import io.verge.drivers.Hostile;
import io.verge.drivers.Listened;
import io.verge.drivers.TableSettings;
import io.verge.model.Quality;
import io.verge.model.Sample;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MaxbotixTest {
  private final MaxbotixDecoder decoder = new MaxbotixDecoder();

  @Test
  void linesOfTheSources() {
    // esphome hrxl_maxsonar_wr; MaxBotix XL-MaxSonar-WR data sheet.
    assertThat(decoder.decode(line("R1234\r")).orThrow().json())
        .containsEntry("distance_mm", 1234L);
    assertThat(decoder.decode(line("R123\r")).orThrow().json()).containsEntry("distance_mm", 1230L);
    for (String wrong :
        new String[] {"", "R", "R12\r", "R12345\r", "1234\r", "R12a4\r", "R1234\n"}) {
      assertThat(decoder.decode(line(wrong)).isValid()).as(wrong).isFalse();
    }
    Hostile.noise(decoder, line("R1234\r"));
  }

  @Test
  void aLostByteMakesNoOtherDistance() {
    byte[] whole = line("R1234\r");
    for (int lost = 0; lost < whole.length; lost++) {
      byte[] shorter = new byte[whole.length - 1];
      System.arraycopy(whole, 0, shorter, 0, lost);
      System.arraycopy(whole, lost + 1, shorter, lost, shorter.length - lost);
      assertThat(MaxbotixCodec.framer(4).examine(shorter, shorter.length).state())
          .isNotEqualTo(Framing.State.COMPLETE);
    }
    for (int length = 0; length < whole.length; length++) {
      assertThat(MaxbotixCodec.framer(4).examine(Arrays.copyOf(whole, length), length))
          .isEqualTo(Framing.needMore());
    }
  }

  @Test
  void rogueBytesAreSkippedAndTheMedianTaken() throws BusException {
    Readout readout =
        driver("")
            .poll(new Listened(line("\u00FFR1000\r\u00FF\u00FFR1004\rR4R1002\r1R1001\rR1003\r")));
    assertThat(readout.values()).containsExactly(50, 1002, 4, 5);
    assertThat(readout.quality()).isEqualTo(Quality.GOOD);
  }

  @Test
  void theEndsOfTheRangeAreNoDistance() throws BusException {
    for (String end : new String[] {"R0300\r", "R5000\r", "R9999\r", "R0000\r"}) {
      Readout readout = driver("").poll(new Listened(line(end.repeat(5))));
      assertThat(readout.quality()).as(end).isEqualTo(Quality.SUSPECT);
      assertThat(readout.values()[0]).isEqualTo(Sample.NONE);
    }
    Readout far = driver("unit = \"cm\"").poll(new Listened(line("R765\r".repeat(5))));
    assertThat(far.values()[0]).isEqualTo(Sample.NONE);
    assertThat(driver("unit = \"cm\"").poll(new Listened(line("R150\r".repeat(5)))).values())
        .containsExactly(0, 1500, 0, 5);
  }

  @Test
  void silenceIsSaid() throws BusException {
    assertThat(driver("").poll(new Listened(new byte[0])).quality()).isEqualTo(Quality.TIMEOUT);
  }

  private static SerialDriver driver(String more) {
    TableSettings settings = TableSettings.of("empty_mm = 1500\nfull_mm = 500\n" + more);
    return requireNonNull((SerialDriver) new MaxbotixDriverFactory().create(settings, null, null));
  }

  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
