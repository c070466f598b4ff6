package io.verge.transport.gpio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * A chip of the kernel's own simulator (Linux, admin-guide/gpio/gpio-sim): made in configfs, wired
 * through sysfs.
 */
public final class GpioSim implements AutoCloseable {
  public static final String LABEL = "rig";

  private static final Path CONFIG = Path.of("/sys/kernel/config/gpio-sim/verge");
  private static final Path BANK = CONFIG.resolve("bank0");
  private static final Path LIVE = CONFIG.resolve("live");
  private static final ByteBuffer UP = text("pull-up");
  private static final ByteBuffer DOWN = text("pull-down");

  private final String chip;
  private final Path lines;
  private final Map<Integer, FileChannel> pulls = new HashMap<>();

  private GpioSim(String chip, Path lines) {
    this.chip = chip;
    this.lines = lines;
  }

  /** A new chip; of what an earlier test left nothing stays. */
  public static GpioSim plug(int count) throws IOException {
    if (Files.exists(BANK)) {
      remove();
    }
    Files.createDirectories(BANK);
    Files.writeString(BANK.resolve("num_lines"), Integer.toString(count));
    Files.writeString(BANK.resolve("label"), LABEL);
    Files.writeString(LIVE, "1");
    String chip = read(BANK.resolve("chip_name"));
    Path device = Path.of("/sys/devices/platform", read(CONFIG.resolve("dev_name")), chip);
    return new GpioSim(chip, device);
  }

  private static void remove() throws IOException {
    if (read(LIVE).equals("1")) {
      Files.writeString(LIVE, "0");
    }
    Files.delete(BANK);
    Files.delete(CONFIG);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file).strip();
  }

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Its name in {@code /dev}. */
  public String chip() {
    return chip;
  }

  /** Pulls a line from outside. */
  public void drive(int line, boolean high) throws IOException {
    FileChannel pull = pulls.get(line);
    if (pull == null) {
      pull = FileChannel.open(attribute(line, "pull"), StandardOpenOption.WRITE);
      pulls.put(line, pull);
    }
    pull.write((high ? UP : DOWN).duplicate(), 0);
  }

  /** The level of a line, whoever drives it. */
  public boolean level(int line) throws IOException {
    return read(attribute(line, "value")).equals("1");
  }

  private Path attribute(int line, String name) {
    return lines.resolve("sim_gpio" + line).resolve(name);
  }

  /** Takes the chip away, whoever holds its lines. */
  public void unplug() throws IOException {
    Files.writeString(LIVE, "0");
  }

  @Override
  public void close() throws IOException {
    for (FileChannel pull : pulls.values()) {
      pull.close();
    }
    remove();
  }
}
