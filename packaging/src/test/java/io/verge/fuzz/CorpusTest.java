package io.verge.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code packaging/faults fuzz} has found worth keeping, once more. */
class CorpusTest {
  private static final long BYTES_MAX = 1_000_000;

  static List<String> targets() {
    return List.copyOf(Targets.byName().keySet());
  }

  @ParameterizedTest
  @MethodSource("targets")
  void everyKeptInputIsStood(String target) throws Exception {
    List<byte[]> inputs = Corpus.inputs(folder().resolve(target + ".hex"));
    assertThat(inputs).isNotEmpty();
    for (byte[] input : inputs) {
      assertThatCode(() -> Targets.run(target, input))
          .as("%s %s", target, HexFormat.of().formatHex(input))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void noTargetHasGoneAndTheCorpusIsSmall() throws Exception {
    try (Stream<Path> files = Files.list(folder())) {
      List<Path> all = files.toList();
      assertThat(all)
          .allSatisfy(
              file ->
                  assertThat(targets())
                      .contains(file.getFileName().toString().replaceFirst("\\.hex$", "")));
      assertThat(all.stream().mapToLong(CorpusTest::size).sum()).isLessThan(BYTES_MAX);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Path folder() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(CorpusTest.class.getResource("/fuzz")).toURI());
  }
}
