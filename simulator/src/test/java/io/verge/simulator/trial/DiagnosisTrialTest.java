package io.verge.simulator.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.simulator.street.Recordings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The figures of docs/diagnoses.md, as bounds. */
class DiagnosisTrialTest {
  private static Recordings recordings() throws IOException {
    Path real = Path.of(System.getProperty("verge.root", ".."), "..", "shared", "datasets");
    assumeTrue(
        Files.exists(real), "no recordings beside the checkout: docs/diagnoses.md names them");
    return Recordings.in(real);
  }

  @Test
  void leaksAreFoundAndTightPipesAreNot() throws IOException {
    assertThat(DiagnosisTrial.all(recordings()))
        .filteredOn(one -> one.diagnosis().equals("leak"))
        .hasSize(14)
        .allSatisfy(
            one -> {
              assertThat(one.falsely()).as("%s", one).isZero();
              if (!one.input().contains("0.5 l/h")) {
                assertThat(one.found()).as("%s", one).isEqualTo(one.cases());
              }
            });
  }

  @Test
  void emptyingsAreFoundAndFalseEchoesAreNot() throws IOException {
    assertThat(DiagnosisTrial.all(recordings()))
        .filteredOn(one -> one.input().endsWith("drop = 30"))
        .hasSize(2)
        .allSatisfy(
            one -> {
              assertThat(one.cases()).as("%s", one).isGreaterThan(15);
              assertThat(one.cases() - one.found()).as("%s", one).isLessThanOrEqualTo(2);
              assertThat(one.falsely()).as("%s", one).isZero();
            });
  }
}
