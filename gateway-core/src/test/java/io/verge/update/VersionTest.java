package io.verge.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
  /** Each line was compared with dpkg --compare-versions. */
  @ParameterizedTest
  @CsvSource({
    "0.1.0, 0.1.1",
    "0.9.0, 0.10.0",
    "1.0~rc1, 1.0",
    "1.0~rc1, 1.0~rc2",
    "1.0, 1.0+fix",
    "1.0+fix, 1.0.1",
    "1.0a, 1.0b",
    "1.0a, 1.0+a",
    "1.0~~, 1.0~",
    "0.1.0, 0.1.0+update",
    "0.1.0+update, 0.1.0.0",
    "9, 10",
    "1.2, 1.2.0"
  })
  void earlierIsOlder(String older, String newer) {
    assertThat(new Version(newer).isNewerThan(new Version(older))).isTrue();
    assertThat(new Version(older).isNewerThan(new Version(newer))).isFalse();
  }

  @Test
  void leadingZerosDoNotCount() {
    assertThat(new Version("1.01").compareTo(new Version("1.1"))).isZero();
    assertThat(new Version("1.01").isNewerThan(new Version("1.1"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "v1", "../1", "1/2", "1 2", "1A", "-1", "1:2", "1\n"})
  void nothingElseIsAVersion(String text) {
    assertThat(Version.isOne(text)).isFalse();
    assertThatThrownBy(() -> new Version(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
