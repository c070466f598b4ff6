package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgramsTest {
  @Test
  void tellsHowAProgramEndedAndWhatItSaid() throws IOException {
    assertThat(Programs.run(60, List.of("sh", "-c", "echo out; echo err >&2; exit 3")))
        .isEqualTo(new Programs.Ran(3, "out\nerr"));
  }

  @Test
  @Timeout(60)
  void oneThatSaysNothingForEverIsEndedWithItsChildren() {
    assertThatThrownBy(() -> Programs.run(1, List.of("sh", "-c", "sleep 600 & sleep 600; :")))
        .isInstanceOf(IOException.class)
        .hasMessage("sh did not end within 1 s");
  }
}
