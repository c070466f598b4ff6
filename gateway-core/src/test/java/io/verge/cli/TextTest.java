package io.verge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TextTest {
  @Test
  void ideographsTakeTwoColumns() {
    assertThat(Text.width("灯-17")).isEqualTo(5);
    assertThat(Text.cut("灯灯灯灯", 5)).isEqualTo("灯灯…");
    assertThat(Text.cut("lamp", 4)).isEqualTo("lamp");
  }

  @Test
  void spansHaveTwoPlaces() {
    assertThat(Units.span(999)).isEqualTo("0s");
    assertThat(Units.span(185_000)).isEqualTo("3m 5s");
    assertThat(Units.span(3_600_000)).isEqualTo("1h");
    assertThat(Units.span(97_200_000)).isEqualTo("1d 3h");
  }

  @Test
  void sizes() {
    assertThat(Units.bytes(1023)).isEqualTo("1023 B");
    assertThat(Units.bytes(41_943_040)).isEqualTo("40.0 MiB");
    assertThat(Units.bytes(1_048_575)).isEqualTo("1.0 MiB");
  }

  @Test
  void durationsHaveUnits() {
    assertThat(Units.duration("1h30m")).isEqualTo(5_400_000);
    assertThat(Units.duration("2d")).isEqualTo(172_800_000);
    for (String wrong : new String[] {"", "30", "m", "0s", "-5m", "5 m", "1m1h", "9999999999s"}) {
      assertThatThrownBy(() -> Units.duration(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void longWordsDoNotHangTheWrap() {
    assertThat(Text.wrap("  ", "a " + "x".repeat(200) + " b", "    ")).hasSize(3);
  }
}
