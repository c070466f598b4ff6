package io.verge.transport.gpio;

import io.verge.time.Background;
import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A GPIO chip through {@code /dev/gpiochipN}. Each line is a request of its own. The kernel keeps
 * 1,024 edges of a line at most, so a thread fetches them as they come.
 */
final class ChardevChip implements GpioChip {
  private static final String CONSUMER = "verge";
  private static final int CLOSE_MS = 5_000;

  private final String path;
  private final Kernel kernel;
  private final int chip;
  private final int waker;
  private final int debounceMicros;
  private final Background listening;
  private final Set<Integer> claimed = new HashSet<>();
  private final List<Integer> fds = new ArrayList<>();
  private final List<ChardevInput> inputs = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private ChardevChip(String path, Kernel kernel, int chip, int waker, int debounceMicros) {
    this.path = path;
    this.kernel = kernel;
    this.chip = chip;
    this.waker = waker;
    this.debounceMicros = debounceMicros;
    this.listening = Background.start("edges " + path, this::listen);
  }

  /**
   * @param debounceMicros of the kernel, for every input; 0: none.
   * @throws TransportException if it is absent, not allowed, or no GPIO chip.
   */
  static ChardevChip open(String path, Kernel kernel, int debounceMicros)
      throws TransportException {
    int chip = ChardevChips.open(path, kernel);
    int waker = kernel.waker();
    if (waker < 0) {
      kernel.close(chip);
      throw new TransportException(path + ": no eventfd (error " + -waker + ")", true);
    }
    return new ChardevChip(path, kernel, chip, waker, debounceMicros);
  }

  Kernel kernel() {
    return kernel;
  }

  @Override
  public Input input(int line, Bias bias) throws TransportException {
    int fd = claim(line, GpioAbi.inputRequest(line, bias, debounceMicros, CONSUMER));
    ChardevInput input = new ChardevInput(this, line, fd);
    inputs.add(input);
    kernel.wake(waker);
    return input;
  }

  /** The kernel's debouncing stamps an edge when its level has lasted. */
  @Override
  public boolean timesEdges() {
    return debounceMicros == 0;
  }

  @Override
  public Output output(int line, boolean high) throws TransportException {
    int fd = claim(line, GpioAbi.outputRequest(line, high, CONSUMER));
    return new ChardevOutput(line, fd, high);
  }

  private int claim(int line, byte[] request) throws TransportException {
    checkOpen();
    if (claimed.contains(line)) {
      throw new TransportException(
          path + " line " + line + " is in use by another device of this bus", false);
    }
    int result = kernel.ioctl(chip, GpioAbi.GET_LINE, request);
    int fd = GpioAbi.fd(request);
    if (result < 0 || fd <= 0) {
      throw ChardevChips.refused(path, kernel, chip, line, -result);
    }
    claimed.add(line);
    fds.add(fd);
    return fd;
  }

  void checkOpen() throws TransportException {
    if (closed) {
      throw new TransportException(path + " is closed", true);
    }
  }

  void call(int line, String failure, int fd, int request, byte[] argument)
      throws TransportException {
    checkOpen();
    int result = kernel.ioctl(fd, request, argument);
    if (result == -Kernel.ENODEV) {
      throw gone(line);
    }
    if (result < 0) {
      throw new TransportException(
          path + " line " + line + " " + failure + " (error " + -result + ")", true);
    }
  }

  TransportException gone(int line) {
    return new TransportException(
        path + " line " + line + " is gone: was the chip unplugged? See: dmesg | grep gpio", true);
  }

  private void listen() {
    while (!closed) {
      List<ChardevInput> heard = List.copyOf(inputs);
      int[] polled = new int[heard.size() + 1];
      polled[0] = waker;
      for (int i = 0; i < heard.size(); i++) {
        polled[i + 1] = heard.get(i).fd();
      }
      boolean[] ready = new boolean[polled.length];
      int count = kernel.poll(polled, ready, Kernel.FOR_EVER);
      if (count < 0 && count != -Kernel.EINTR) {
        return;
      }
      if (ready[0]) {
        kernel.read(waker, new byte[8]);
      }
      for (int i = 0; i < heard.size(); i++) {
        // Who takes its edges is told that it is gone; polled on, it would be ready for ever.
        if (ready[i + 1] && !heard.get(i).fetch()) {
          inputs.remove(heard.get(i));
        }
      }
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    kernel.wake(waker);
    listening.awaitEnd(CLOSE_MS);
    fds.forEach(kernel::close);
    kernel.close(waker);
    kernel.close(chip);
  }

  private final class ChardevOutput implements Output {
    private final int line;
    private final int fd;
    private boolean level;

    ChardevOutput(int line, int fd, boolean level) {
      this.line = line;
      this.fd = fd;
      this.level = level;
    }

    @Override
    public void write(boolean high) throws TransportException {
      call(line, "cannot be driven", fd, GpioAbi.SET_VALUES, GpioAbi.values(high));
      level = high;
    }

    @Override
    public boolean level() {
      return level;
    }
  }
}
