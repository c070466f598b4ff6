package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "run --config",
        "run --help",
        "run --data d --config f",
        "run --config f --data",
        "run --config f --date d",
        "run --config f --data d more",
        "status --config f",
      })
  void anUnusualLineIsLeftToTheFullParser(String line) {
    assertThat(RunCommand.usual(line.split(" "), err)).isNull();
  }

  @Test
  void aUsualLineReadsItsFile(@TempDir Path folder) throws Exception {
    String file = folder.resolve("none.toml").toString();
    RunCommand command =
        Objects.requireNonNull(
            RunCommand.usual(new String[] {"run", "--config", file, "--data", "d"}, err));
    assertThat(command.call()).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8)).contains(file);
  }
}
