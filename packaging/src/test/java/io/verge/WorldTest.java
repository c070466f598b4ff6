package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.world.World;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Days of street under simulated time, with a bad link and outages, reconciled exactly. */
class WorldTest {
  private static final int DAY = 24;

  @TempDir private Path folder = Path.of("unset");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyReadingOfADayArrivesOnce(long seed) throws Exception {
    Path memory = World.folder();
    try {
      World.Result result = World.run(seed, DAY, memory);
      assertThat(result.isReconciled()).as("seed %d: %s", seed, result).isTrue();
      assertThat(result.stored()).isGreaterThan(400_000);
    } finally {
      World.clear(memory);
    }
  }

  @Test
  void aSeedGivesTheSameRunTwice() throws Exception {
    World.Result first = World.run(5, 2, java.nio.file.Files.createDirectory(folder.resolve("a")));
    World.Result second = World.run(5, 2, java.nio.file.Files.createDirectory(folder.resolve("b")));
    assertThat(second).isEqualTo(first);
  }
}
