package io.verge.transport.gpio;

import io.verge.transport.ChipView;
import io.verge.transport.ChipView.LineView;
import io.verge.transport.TransportException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which chips the kernel has, and what its refusals mean to a person. */
final class ChardevChips {
  private static final int CHIPS_MAX = 32;

  /** No chip has as many; a number from outside is bounded. */
  private static final int LINES_MAX = 1024;

  private ChardevChips() {}

  static int open(String path, Kernel kernel) throws TransportException {
    int fd = kernel.open(path);
    if (fd >= 0) {
      if (info(kernel, fd) == null) {
        kernel.close(fd);
        throw new TransportException(path + " is not a GPIO chip; see: gpiodetect", false);
      }
      return fd;
    }
    if (fd == -Kernel.EACCES) {
      throw noPermission(path);
    }
    if (fd == -Kernel.ENOENT || fd == -Kernel.ENODEV) {
      throw new TransportException(
          path + " does not exist; " + present(kernel) + "; see: ls -l /dev/gpiochip*", true);
    }
    throw new TransportException(path + " cannot be opened (error " + -fd + ")", true);
  }

  /** Label of a chip; empty where there is none or it may not be opened. */
  static String label(String path, Kernel kernel) {
    int fd = kernel.open(path);
    if (fd < 0) {
      return "";
    }
    GpioAbi.ChipInfo info = info(kernel, fd);
    kernel.close(fd);
    return info == null ? "" : info.label();
  }

  private static GpioAbi.@Nullable ChipInfo info(Kernel kernel, int fd) {
    byte[] info = new byte[GpioAbi.CHIP_INFO_SIZE];
    return kernel.ioctl(fd, GpioAbi.GET_CHIP_INFO, info) < 0 ? null : GpioAbi.chipInfo(info);
  }

  /**
   * Every chip with its lines, none of which is claimed.
   *
   * @throws TransportException if one is there and may not be looked at.
   */
  static List<ChipView> all(Kernel kernel) throws TransportException {
    List<ChipView> all = new ArrayList<>();
    for (int n = 0; n < CHIPS_MAX; n++) {
      String path = "/dev/gpiochip" + n;
      int fd = kernel.open(path);
      if (fd == -Kernel.EACCES) {
        throw noPermission(path);
      }
      if (fd >= 0) {
        GpioAbi.ChipInfo info = info(kernel, fd);
        if (info != null) {
          all.add(new ChipView("gpiochip" + n, info.label(), lines(kernel, fd, info.lines())));
        }
        kernel.close(fd);
      }
    }
    return all;
  }

  private static List<LineView> lines(Kernel kernel, int chip, int count) {
    List<LineView> lines = new ArrayList<>();
    for (int line = 0; line < Math.min(count, LINES_MAX); line++) {
      byte[] bytes = GpioAbi.lineInfoRequest(line);
      if (kernel.ioctl(chip, GpioAbi.GET_LINE_INFO, bytes) >= 0) {
        GpioAbi.LineInfo info = GpioAbi.lineInfo(bytes);
        lines.add(new LineView(line, info.name(), info.output(), info.used(), info.consumer()));
      }
    }
    return lines;
  }

  private static TransportException noPermission(String path) {
    return new TransportException(
        path + ": no permission; add the service's user to group gpio", true);
  }

  private static String present(Kernel kernel) {
    List<String> found = new ArrayList<>();
    for (int n = 0; n < CHIPS_MAX; n++) {
      String label = label("/dev/gpiochip" + n, kernel);
      if (!label.isEmpty()) {
        found.add("gpiochip" + n + " (" + label + ")");
      }
    }
    return found.isEmpty()
        ? "this machine has no GPIO chip"
        : "there is " + String.join(", ", found);
  }

  /** What a refused request of a line means. */
  static TransportException refused(String path, Kernel kernel, int chip, int line, int error) {
    String where = path + " line " + line;
    switch (error) {
      case Kernel.EBUSY -> {
        byte[] info = GpioAbi.lineInfoRequest(line);
        String consumer =
            kernel.ioctl(chip, GpioAbi.GET_LINE_INFO, info) < 0
                ? ""
                : GpioAbi.lineInfo(info).consumer();
        String holder = consumer.isEmpty() ? "another program" : "'" + consumer + "'";
        return new TransportException(where + " is held by " + holder + "; see: gpioinfo", true);
      }
      case Kernel.EINVAL -> {
        byte[] info = new byte[GpioAbi.CHIP_INFO_SIZE];
        int lines =
            kernel.ioctl(chip, GpioAbi.GET_CHIP_INFO, info) < 0
                ? Integer.MAX_VALUE
                : GpioAbi.chipInfo(info).lines();
        return line >= lines || line < 0
            ? new TransportException(where + ": the chip has lines 0.." + (lines - 1), false)
            : new TransportException(where + ": the chip cannot do what is asked of it", false);
      }
      case Kernel.ENOTTY -> {
        return new TransportException(
            where + ": the kernel is too old, 5.10 or newer is needed; see: uname -r", false);
      }
      case Kernel.ENODEV -> {
        return new TransportException(where + " is gone: was the chip unplugged?", true);
      }
      default -> {
        return new TransportException(where + " cannot be claimed (error " + error + ")", true);
      }
    }
  }
}
