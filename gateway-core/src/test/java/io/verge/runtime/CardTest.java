package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardTest {
  /** 179:2, as glibc's makedev packs it. */
  private static final long NUMBER = 179L << 8 | 2;

  @TempDir private Path root = Path.of("unset");

  private void file(String name, String text) throws IOException {
    Path path = root.resolve(name);
    Files.createDirectories(path.resolveSibling(""));
    Files.writeString(path, text + "\n");
  }

  /** An SD card of 29.7 GiB with the store on its second partition. */
  private void card() throws IOException {
    String device = "sys/devices/platform/soc/mmc_host/mmc0/block/mmcblk0";
    file(device + "/size", "62333952");
    file(
        device + "/stat",
        "    1200      300    50000     2100     4100      220   240200    16400        0     9000");
    file(device + "/mmcblk0p2/partition", "2");
    file(device + "/mmcblk0p2/stat", "1 1 1 1 1 1 7 1 0 1 1");
    Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(
        root.resolve("sys/dev/block/179:2"), root.resolve(device + "/mmcblk0p2"));
  }

  @Test
  void thePartitionsWholeCardCounts() throws IOException {
    card();
    Card card = Card.at(root, NUMBER).orElseThrow();
    assertThat(card.name()).isEqualTo("mmcblk0");
    assertThat(card.bytes()).isEqualTo(31_914_983_424L);
    assertThat(card.writtenBytes()).isEqualTo(240_200L * 512);
    assertThat(card.usedPercent()).isEmpty();
  }

  @Test
  void anEmmcTellsItsAge() throws IOException {
    card();
    String life = "sys/devices/platform/soc/mmc_host/mmc0/block/mmcblk0/device/life_time";
    Card card = Card.at(root, NUMBER).orElseThrow();
    file(life, "0x01 0x03");
    assertThat(card.usedPercent()).hasValue(30);
    file(life, "0x0b 0x01");
    assertThat(card.usedPercent()).as("beyond its life").hasValue(110);
    file(life, "0x00 0x00");
    assertThat(card.usedPercent()).as("unsaid").isEmpty();
  }

  @Test
  void wideNumbersAreUnpackedAndWhatIsNoDeviceIsNone() throws IOException {
    file("sys/dev/block/4660:703710/stat", "1 2 3 4 5 6 8 8 9 10 11");
    long packed =
        (4660L & 0xFFF) << 8 | (4660L & ~0xFFFL) << 32 | 703710L & 0xFF | (703710L & ~0xFFL) << 12;
    assertThat(Card.at(root, packed).orElseThrow().writtenBytes()).isEqualTo(8 * 512);
    assertThat(Card.at(root, 43)).as("anonymous, as of tmpfs").isEmpty();
    file("sys/dev/block/8:0/stat", "1 2 3");
    Card odd = Card.at(root, 8L << 8).orElseThrow();
    assertThatThrownBy(odd::writtenBytes)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("3 fields");
  }
}
