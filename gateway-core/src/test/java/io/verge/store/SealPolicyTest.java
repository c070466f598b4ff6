package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SealPolicyTest {
  @ParameterizedTest
  @CsvSource({
    // lane, waiting, age s, bytes, link, watched, gaps, wait s (-1: not by time)
    "EVENT, 1, 0, 50, true, false, false, 0",
    "EVENT, 1, 900, 50, false, false, false, -1",
    "EVENT, 0, 0, 0, true, false, true, 0",
    "EVENT, 0, 0, 0, false, false, true, -1",
    "EVENT, 0, 0, 0, true, false, false, -1",
    "TELEMETRY, 0, 0, 0, true, false, true, -1",
    "TELEMETRY, 9, 0, 500, true, false, false, 300",
    "TELEMETRY, 9, 299, 500, true, false, false, 1",
    "TELEMETRY, 9, 301, 500, true, false, false, 0",
    "TELEMETRY, 9, 0, 500, true, true, false, 60",
    "TELEMETRY, 9, 9999, 500, false, true, false, -1",
    "TELEMETRY, 9, 0, 32768, false, false, false, 0",
    "METER, 9, 0, 500, true, false, false, 900",
    "METER, 9, 0, 500, true, true, false, 60",
    "METER, 9, 9999, 32767, false, false, false, -1",
  })
  void table(
      Lane lane,
      int waiting,
      long ageS,
      long bytes,
      boolean link,
      boolean watched,
      boolean gaps,
      long waitS) {
    long wait =
        SealPolicy.DEFAULT.waitMs(
            new SealPolicy.View(
                lane, waiting, ageS * 1000, bytes, link, watched, gaps, 1 << 20, true));
    assertThat(wait).isEqualTo(waitS < 0 ? Long.MAX_VALUE : waitS * 1000);
  }

  @ParameterizedTest
  @CsvSource({
    "0, false, false, 300",
    "301, false, false, 0",
    "0, true, false, 60",
    "0, false, true, 0",
  })
  void eventsThatOnlyInformGoWithTelemetry(long ageS, boolean watched, boolean gaps, long waitS) {
    assertThat(
            SealPolicy.DEFAULT.waitMs(
                new SealPolicy.View(
                    Lane.EVENT, 1, ageS * 1000, 50, true, watched, gaps, 1 << 20, false)))
        .isEqualTo(waitS * 1000);
  }

  @ParameterizedTest
  @CsvSource({"EVENT", "METER", "TELEMETRY"})
  void everyLaneIsSealedBySizeWithoutALink(Lane lane) {
    assertThat(
            SealPolicy.DEFAULT.waitMs(
                new SealPolicy.View(lane, 1, 0, 1 << 20, false, false, false, 1 << 20, false)))
        .isZero();
  }
}
