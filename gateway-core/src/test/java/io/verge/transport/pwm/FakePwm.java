package io.verge.transport.pwm;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code /sys/class/pwm/pwmchip0} as strict as drivers/pwm of Linux: a channel exists once
 * exported, a second export is refused, and so is any state whose period is 0 or shorter than its
 * high time.
 */
final class FakePwm implements Sysfs {
  static final Path CHIP = Path.of("/sys/class/pwm/pwmchip0");

  static final class Channel {
    long period;
    long duty;
    boolean enabled;
  }

  final Map<Integer, Channel> exported = new HashMap<>();
  private final int channels;
  private boolean gone;
  private boolean closedToUs;

  FakePwm(int channels) {
    this.channels = channels;
  }

  void unplug() {
    gone = true;
  }

  /** As long as udev has not changed the group of what was exported. */
  void refuseAccess(boolean refused) {
    closedToUs = refused;
  }

  private static int number(@Nullable Path folder) throws IOException {
    String name = folder == null ? "" : String.valueOf(folder.getFileName());
    if (folder == null || !CHIP.equals(folder.getParent()) || !name.matches("pwm[0-9]+")) {
      throw new NoSuchFileException(String.valueOf(folder));
    }
    return Integer.parseInt(name.substring(3));
  }

  private Channel channel(@Nullable Path folder) throws IOException {
    Channel channel = exported.get(number(folder));
    if (gone || channel == null) {
      throw new NoSuchFileException(String.valueOf(folder));
    }
    return channel;
  }

  @Override
  public boolean exists(Path path) {
    if (path.equals(CHIP)) {
      return !gone;
    }
    try {
      channel(path);
      return true;
    } catch (IOException absent) {
      return false;
    }
  }

  @Override
  public String read(Path path) throws IOException {
    if (path.equals(CHIP.resolve("npwm")) && !gone) {
      return String.valueOf(channels);
    }
    Channel channel = channel(path.getParent());
    return switch (path.getFileName().toString()) {
      case "period" -> String.valueOf(channel.period);
      case "duty_cycle" -> String.valueOf(channel.duty);
      case "enable" -> channel.enabled ? "1" : "0";
      default -> throw new NoSuchFileException(path.toString());
    };
  }

  @Override
  public void write(Path path, String text) throws IOException {
    long value = Long.parseLong(text);
    if (path.equals(CHIP.resolve("export")) && !gone) {
      if (value < 0 || value >= channels) {
        throw new IOException("No such device");
      }
      if (exported.putIfAbsent((int) value, new Channel()) != null) {
        throw new IOException("Device or resource busy");
      }
      return;
    }
    Channel channel = channel(path.getParent());
    if (closedToUs) {
      throw new AccessDeniedException(path.toString());
    }
    Channel next = new Channel();
    next.period = channel.period;
    next.duty = channel.duty;
    next.enabled = channel.enabled;
    switch (path.getFileName().toString()) {
      case "period" -> next.period = value;
      case "duty_cycle" -> next.duty = value;
      case "enable" -> {
        if (value != 0 && value != 1) {
          throw new IOException("Invalid argument");
        }
        next.enabled = value == 1;
      }
      default -> throw new NoSuchFileException(path.toString());
    }
    if (next.period == 0 || next.duty > next.period) {
      throw new IOException("Invalid argument");
    }
    exported.put(number(path.getParent()), next);
  }
}
