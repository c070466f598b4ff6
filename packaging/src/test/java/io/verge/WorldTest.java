package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.world.World;
import io.verge.uplink.UplinkView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

  /** A computer as its kernel tells of it. */
  private Path computer() throws IOException {
    Path root = folder.resolve("computer");
    Path proc = Files.createDirectories(root.resolve("proc"));
    Files.writeString(proc.resolve("loadavg"), "0.61 0.22 0.17 1/181 2911\n");
    Files.writeString(proc.resolve("uptime"), "356821.41 1400817.65\n");
    Files.writeString(proc.resolve("meminfo"), "MemTotal: 440692 kB\nMemAvailable: 264415 kB\n");
    Path zone = Files.createDirectories(root.resolve("sys/class/thermal/thermal_zone0"));
    Files.writeString(zone.resolve("temp"), "48312\n");
    return root;
  }

  @Test
  void theGatewaysOwnFiguresArriveAndCostLittle() throws Exception {
    Path root = computer();
    World.Circumstances watched =
        new World.Circumstances(
            World.BEGIN_UTC_MS,
            0,
            false,
            1,
            "",
            (utcMs, street, gateway) -> restless(root, utcMs),
            root);
    int hours = 3;
    World.Result without = World.run(6, hours, Files.createDirectory(folder.resolve("without")));
    World.Result with = World.run(6, hours, Files.createDirectory(folder.resolve("with")), watched);
    assertThat(with.isReconciled()).as(with.toString()).isTrue();
    long readings = with.report().readings().getOrDefault("gateway", 0L);
    assertThat(readings).as("a sample of 7 points every 15 minutes").isEqualTo(hours * 4 * 7);
    assertThat(with.stored() - without.stored()).isEqualTo(readings);
    assertThat((with.batchBytes() - without.batchBytes()) * 30 * DAY / hours)
        .as("bytes of a month")
        .isLessThan(200_000);
  }

  /** Values that change as a busy board's do. */
  private static void restless(Path root, long utcMs) {
    long minute = utcMs / 60_000;
    long noise = Math.floorMod(minute * 2_654_435_761L, 1_000);
    try {
      Files.writeString(
          root.resolve("proc/loadavg"), "0.61 0.22 0." + (10 + noise % 90) + " 1/181 2911\n");
      Files.writeString(root.resolve("proc/uptime"), minute * 60 % 100_000_000 + ".41 1.65\n");
      Files.writeString(
          root.resolve("proc/meminfo"),
          "MemTotal: 440692 kB\nMemAvailable: " + (200_000 + 64 * noise) + " kB\n");
      Files.writeString(
          root.resolve("sys/class/thermal/thermal_zone0/temp"), 45_000 + 10 * noise + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
