package io.verge.simulator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The JSON line of the design's section 14. */
class FiguresTest {
  @Test
  void printsOneJsonLineAFigure() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    new Figures("store", new PrintStream(out), new PrintStream(err))
        .put("ingest_rate", 412_345.4, "readings/s", Figures.VERGE, 100_000, 5);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"bench\":\"store\",\"figure\":\"ingest_rate\",\"value\":412345,"
                + "\"unit\":\"readings/s\",\"who\":\"verge\",\"n\":100000,\"runs\":5}\n");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("ingest_rate", "412345", "readings/s");
  }

  @Test
  void keepsFourDigitsOfSmallFigures() {
    assertThat(Figures.rounded(0.57204)).isEqualTo("0.5720");
    assertThat(Figures.rounded(86.97)).isEqualTo("86.97");
    assertThat(Figures.rounded(741.64)).isEqualTo("741.6");
  }

  @Test
  void takesTheMiddle() {
    assertThat(Figures.median(9, 1, 5, 3, 7)).isEqualTo(5);
    assertThat(Figures.median(4, 1, 2, 3)).isEqualTo(2.5);
  }
}
