package io.verge.runtime;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.HealthPoint;
import io.verge.local.CardView;
import io.verge.model.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A computer made of files in a folder. */
class HealthSourcesTest {
  private static final long NUMBER = 179L << 8 | 2;
  private static final String CARD = "sys/devices/platform/mmc0/block/mmcblk0";
  private static final CardView SEEN =
      new CardView("mmcblk0", 1L << 35, 0, 300L << 20, 3L << 40, false, 10_485L, 30);

  @TempDir private Path root = Path.of("unset");

  private void file(String name, String text) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.resolveSibling(""));
    Files.writeString(path, text);
  }

  private void board() throws IOException {
    file("proc/loadavg", "0.61 0.22 0.17 1/181 2911\n");
    file(
        "proc/meminfo",
        "MemTotal:         440692 kB\nMemFree:           33092 kB\nMemAvailable:     264415 kB\n");
    file("proc/uptime", "356821.41 1400817.65\n");
    file("sys/class/thermal/thermal_zone0/temp", "48312\n");
    file("sys/class/thermal/thermal_zone1/temp", "51170\n");
    file("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
  }

  private Card card(String life) throws IOException {
    file(CARD + "/size", "62333952\n");
    file(CARD + "/stat", "1 2 3 4 5 6 7 8 9 10 11\n");
    file(CARD + "/device/life_time", life);
    Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(root.resolve("sys/dev/block/179:2"), root.resolve(CARD));
    return Card.at(root, NUMBER).orElseThrow();
  }

  private void modem(String says) throws IOException {
    file("usr/bin/mmcli", "#!/bin/sh\n" + says + "\n");
    Files.setPosixFilePermissions(
        root.resolve("usr/bin/mmcli"), PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private HealthSources sources(@Nullable Card card, boolean endurance, @Nullable CardView seen) {
    return new HealthSources(root, root, card, endurance, () -> seen, () -> 5_632_123, 4);
  }

  private static Map<HealthPoint, Long> values(HealthSources sources) {
    Map<HealthPoint, Long> values = new HashMap<>();
    long[] all = sources.values();
    for (int i = 0; i < all.length; i++) {
      values.put(sources.points().get(i), all[i]);
    }
    return values;
  }

  @Test
  void aWholeBoardFillsEveryPoint() throws IOException {
    board();
    modem("echo 'modem.generic.signal-quality.value  : 67'");
    HealthSources sources = sources(card("0x01 0x03"), true, SEEN);
    assertThat(sources.points()).containsExactly(HealthPoint.values());
    Map<HealthPoint, Long> values = values(sources);
    assertThat(values.remove(HealthPoint.DISK_FREE))
        .isCloseTo(
            root.toFile().getUsableSpace() / 1_000_000, org.assertj.core.data.Offset.offset(1000L));
    assertThat(values)
        .isEqualTo(
            Map.ofEntries(
                entry(HealthPoint.CPU_TEMPERATURE, 512L),
                entry(HealthPoint.LOAD, 17L),
                entry(HealthPoint.MEMORY_FREE, 599L),
                entry(HealthPoint.CARD_USED, 30L),
                entry(HealthPoint.CARD_DAYS, 10_485L),
                entry(HealthPoint.CARD_WRITTEN, 300L << 10),
                entry(HealthPoint.MODEM_SIGNAL, 67L),
                entry(HealthPoint.DATA_MONTH, 5_500L),
                entry(HealthPoint.RESTARTS, 4L),
                entry(HealthPoint.UPTIME, 5_947L),
                entry(HealthPoint.THROTTLED, 0x50005L)));
  }

  @Test
  void whatAComputerDoesNotHaveIsNoPoint() {
    HealthSources bare = new HealthSources(root, root, null, true, () -> null, null, 0);
    assertThat(bare.points()).containsExactly(HealthPoint.DISK_FREE, HealthPoint.RESTARTS);
  }

  @Test
  void aGuessedLifeOfACardIsNotTold() throws IOException {
    assertThat(sources(card("0x00 0x00"), false, SEEN).points())
        .contains(HealthPoint.CARD_WRITTEN)
        .doesNotContain(HealthPoint.CARD_DAYS, HealthPoint.CARD_USED);
  }

  @Test
  void whatIsGoneLaterHasNoValue() throws IOException {
    board();
    HealthSources sources = sources(card("0x01 0x03"), true, null);
    Files.delete(root.resolve("sys/class/thermal/thermal_zone0/temp"));
    Files.delete(root.resolve("sys/class/thermal/thermal_zone1/temp"));
    file("proc/loadavg", "none of this\n");
    file(CARD + "/device/life_time", "0xno");
    Map<HealthPoint, Long> values = values(sources);
    for (HealthPoint point :
        List.of(
            HealthPoint.CPU_TEMPERATURE,
            HealthPoint.LOAD,
            HealthPoint.CARD_USED,
            HealthPoint.CARD_DAYS,
            HealthPoint.CARD_WRITTEN)) {
      assertThat(values).as(point.toString()).containsEntry(point, Sample.NONE);
    }
    assertThat(values).containsEntry(HealthPoint.UPTIME, 5_947L);
  }

  @Test
  void aModemThatIsGoneHasNoSignal() throws IOException {
    modem("exit 1");
    assertThat(values(sources(null, false, null)))
        .containsEntry(HealthPoint.MODEM_SIGNAL, Sample.NONE);
  }
}
