package io.verge.transport.pwm;

import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * A PWM chip. Its channels are exported and never taken back: a lamp goes on with its last level
 * when the gateway is gone, and the next gateway goes on from there.
 */
final class SysfsPwm implements GpioChip {
  private final Path folder;
  private final Sysfs sysfs;
  private final int channels;
  private final Set<Integer> claimed = new HashSet<>();
  private volatile boolean closed;

  private SysfsPwm(Path folder, Sysfs sysfs, int channels) {
    this.folder = folder;
    this.sysfs = sysfs;
    this.channels = channels;
  }

  /**
   * @throws TransportException if there is no such chip.
   */
  static SysfsPwm open(Path folder, Sysfs sysfs) throws TransportException {
    if (!sysfs.exists(folder)) {
      throw new TransportException(
          folder
              + " does not exist: is the overlay loaded (dtoverlay=pwm-2chan)? See: ls "
              + folder.getParent(),
          true);
    }
    String count = read(sysfs, folder.resolve("npwm"));
    if (!count.matches("[0-9]{1,4}")) {
      throw new TransportException(folder + "/npwm holds '" + count + "', not a number", true);
    }
    return new SysfsPwm(folder, sysfs, Integer.parseInt(count));
  }

  @Override
  public Pwm pwm(int channel) throws TransportException {
    checkOpen();
    if (channel < 0 || channel >= channels) {
      throw new TransportException(
          folder + " has no channel " + channel + ", but 0.." + (channels - 1), false);
    }
    if (claimed.contains(channel)) {
      throw new TransportException(
          folder + " channel " + channel + " is in use by another device of this bus", false);
    }
    Path at = folder.resolve("pwm" + channel);
    if (!sysfs.exists(at)) {
      write(folder.resolve("export"), String.valueOf(channel));
    }
    long period = number(at.resolve("period"));
    long high = number(at.resolve("duty_cycle"));
    Channel made = new Channel(at, period, high, number(at.resolve("enable")) == 1);
    claimed.add(channel);
    return made;
  }

  @Override
  public Input input(int line, Bias bias) throws TransportException {
    throw new TransportException(folder + " has no line " + line + ", only PWM channels", false);
  }

  @Override
  public Output output(int line, boolean high) throws TransportException {
    throw new TransportException(folder + " has no line " + line + ", only PWM channels", false);
  }

  @Override
  public void close() {
    closed = true;
  }

  private void checkOpen() throws TransportException {
    if (closed) {
      throw new TransportException(folder + " is closed", true);
    }
  }

  private long number(Path file) throws TransportException {
    String text = read(sysfs, file);
    if (!text.matches("[0-9]{1,18}")) {
      throw new TransportException(file + " holds '" + text + "', not a number", true);
    }
    return Long.parseLong(text);
  }

  private static String read(Sysfs sysfs, Path file) throws TransportException {
    try {
      return sysfs.read(file);
    } catch (IOException e) {
      throw failed(file, "read", e);
    }
  }

  private void write(Path file, String text) throws TransportException {
    checkOpen();
    try {
      sysfs.write(file, text);
    } catch (IOException e) {
      throw failed(file, "written with " + text, e);
    }
  }

  private static TransportException failed(Path file, String what, IOException why) {
    return new TransportException(
        file
            + " cannot be "
            + what
            + " ("
            + why.getClass().getSimpleName()
            + ": "
            + why.getMessage()
            + "); may the service's user? See: ls -l "
            + file.getParent(),
        true,
        why);
  }

  /** What a channel does is remembered, so that only changes are written, in an order allowed. */
  private final class Channel implements Pwm {
    private final Path at;
    private long period;
    private long high;
    private boolean enabled;

    Channel(Path at, long period, long high, boolean enabled) {
      this.at = at;
      this.period = period;
      this.high = high;
      this.enabled = enabled;
    }

    @Override
    public void write(long periodNanos, long highNanos) throws TransportException {
      checkOpen();
      if (periodNanos <= 0 || highNanos < 0 || highNanos > periodNanos) {
        throw new IllegalArgumentException(highNanos + " ns of " + periodNanos + " ns");
      }
      if (period != periodNanos) {
        // The kernel refuses a period shorter than its high time.
        if (high > periodNanos) {
          put("duty_cycle", 0);
          high = 0;
        }
        put("period", periodNanos);
        period = periodNanos;
      }
      if (high != highNanos) {
        put("duty_cycle", highNanos);
        high = highNanos;
      }
      if (!enabled) {
        put("enable", 1);
        enabled = true;
      }
      if (!sysfs.exists(at)) {
        throw new TransportException(at + " is gone", true);
      }
    }

    private void put(String name, long value) throws TransportException {
      SysfsPwm.this.write(at.resolve(name), String.valueOf(value));
    }
  }
}
