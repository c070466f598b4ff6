package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.world.World;
import io.verge.uplink.UplinkView;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
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

  /** What the uplink was seen doing, a minute at a time. */
  private static Map<String, Integer> seen(String uplink, int hours, Path folder) throws Exception {
    Map<String, Integer> minutes = new HashMap<>();
    World.Circumstances watched =
        new World.Circumstances(
            World.BEGIN_UTC_MS,
            0,
            false,
            1,
            "",
            (utcMs, levels, gateway) -> {
              UplinkView view = gateway.uplinks().get(0).view();
              minutes.merge(view.state(), 1, Integer::sum);
              minutes.merge(view.thrift().name(), 1, Integer::sum);
            });
    World.Result result = World.run(4, hours, folder, watched, uplink);
    assertThat(result.isReconciled()).as(result.toString()).isTrue();
    return minutes;
  }

  @Test
  void anUplinkThatConnectsWhenNeededRestsAndLosesNothing() throws Exception {
    Map<String, Integer> minutes =
        seen("connect = \"when-needed\"\nconnect_every = \"1h\"\n", 12, folder);
    assertThat(minutes.getOrDefault("resting", 0)).as(minutes.toString()).isGreaterThan(300);
  }

  @Test
  void aTightBudgetStretchesAndLosesNothing() throws Exception {
    Map<String, Integer> minutes = seen("budget = \"2MB\"\nbudget_day = 20\n", 6, folder);
    assertThat(minutes.keySet())
        .as(minutes.toString())
        .containsAnyOf("STRETCHED", "RARE", "SPARSE");
    assertThat(minutes.keySet()).doesNotContain("NO_TELEMETRY", "EVENTS_ONLY");
  }
}
