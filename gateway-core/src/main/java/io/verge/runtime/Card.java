package io.verge.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole block device under a folder, through {@code /sys} (Documentation/block/stat.rst and
 * Documentation/driver-api/mmc/mmc-dev-attrs.rst of the kernel).
 */
final class Card {
  private static final Logger LOG = LoggerFactory.getLogger(Card.class);
  private static final int SECTOR = 512;

  /** Field 7 of {@code stat}: sectors written, since boot. */
  private static final int WRITTEN = 6;

  /** JESD84-B51, DEVICE_LIFE_TIME_EST: 1 is up to 10 %, 10 up to 100 %, 11 beyond; 0 is unsaid. */
  private static final int LIFE_MOST = 11;

  private final Path folder;

  private Card(Path folder) {
    this.folder = folder;
  }

  /**
   * The device that holds {@code path}; empty where there is none, as on a network or in memory.
   *
   * @param root of the file system; {@code /} but in tests.
   */
  static Optional<Card> under(Path root, Path path) throws IOException {
    Object number = Files.getAttribute(path, "unix:dev");
    return at(root, ((Number) number).longValue());
  }

  /**
   * The same for a gateway, which runs on without.
   *
   * @param root null: there is no computer to look at.
   */
  static @Nullable Card watchable(@Nullable Path root, Path path) {
    try {
      return root == null ? null : under(root, path).orElse(null);
    } catch (IOException e) {
      LOG.warn("what the card is told to write is not counted: {}", e.getMessage());
      return null;
    }
  }

  /** The same for a device number as {@code stat(2)} gives it: see {@code makedev(3)}. */
  static Optional<Card> at(Path root, long number) throws IOException {
    long major = number >>> 8 & 0xFFF | number >>> 32 & 0xFFFF_F000L;
    long minor = number & 0xFF | number >>> 12 & 0xFFFF_FF00L;
    Path link = root.resolve("sys/dev/block").resolve(major + ":" + minor);
    if (!Files.isReadable(link.resolve("stat"))) {
      return Optional.empty();
    }
    Path device = link.toRealPath();
    boolean isPart = Files.exists(device.resolve("partition"));
    Path parent = device.getParent();
    return Optional.of(new Card(isPart && parent != null ? parent : device));
  }

  String name() {
    return String.valueOf(folder.getFileName());
  }

  long bytes() throws IOException {
    return Long.parseLong(text("size")) * SECTOR;
  }

  /** What it was told to write since the computer was started. */
  long writtenBytes() throws IOException {
    String[] fields = text("stat").split("\\s+", -1);
    if (fields.length <= WRITTEN) {
      throw new IOException(folder.resolve("stat") + " has " + fields.length + " fields");
    }
    return Long.parseLong(fields[WRITTEN]) * SECTOR;
  }

  /** How much of its life is used, in percent rounded up to tens, where an eMMC says so. */
  OptionalInt usedPercent() throws IOException {
    if (!Files.isReadable(folder.resolve("device/life_time"))) {
      return OptionalInt.empty();
    }
    int worst = 0;
    for (String estimate : text("device/life_time").split("\\s+", -1)) {
      String digits = estimate.toLowerCase(Locale.ROOT).replaceFirst("^0x", "");
      worst = Math.max(worst, Integer.parseInt(digits, 16));
    }
    return worst == 0 || worst > LIFE_MOST ? OptionalInt.empty() : OptionalInt.of(worst * 10);
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name), StandardCharsets.US_ASCII).strip();
  }
}
