package io.verge.transport.gpio;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The GPIO part of Linux, as strict as any kernel since 5.10 (drivers/gpio/gpiolib-cdev.c): what is
 * not exactly allowed is refused, and what no program may do is remembered as a violation.
 */
final class FakeKernel implements Kernel {
  private static final int EPERM = 1;
  private static final long BIASES =
      GpioAbi.FLAG_BIAS_UP | GpioAbi.FLAG_BIAS_DOWN | GpioAbi.FLAG_BIAS_DISABLED;
  private static final long EDGES = GpioAbi.FLAG_EDGE_RISING | GpioAbi.FLAG_EDGE_FALLING;
  private static final long KNOWN_FLAGS = (1L << 13) - 2;

  /** A line of a chip, with what is wired to it. */
  private static final class Line {
    @Nullable Boolean outside;
    boolean output;
    boolean driven;
    long bias;
    String consumer = "";
    String name = "";
    @Nullable Request request;

    boolean level() {
      if (output) {
        return driven;
      }
      return outside == null ? bias == GpioAbi.FLAG_BIAS_UP : outside;
    }
  }

  private static final class Chip {
    final String name;
    final String label;
    final Line[] lines;
    boolean gone;

    Chip(String name, String label, int lines) {
      this.name = name;
      this.label = label;
      this.lines = new Line[lines];
      Arrays.setAll(this.lines, i -> new Line());
    }
  }

  /** An open request of one line. */
  private final class Request {
    final Chip chip;
    final int offset;
    final boolean hasEdges;
    final int room;
    final int debounceMicros;
    final Deque<byte[]> events = new ArrayDeque<>();
    int sequence;

    Request(Chip chip, int offset, boolean hasEdges, int room, int debounceMicros) {
      this.chip = chip;
      this.offset = offset;
      this.hasEdges = hasEdges;
      this.room = room;
      this.debounceMicros = debounceMicros;
    }

    void edge(boolean rising) {
      byte[] event = new byte[GpioAbi.EVENT_SIZE];
      sequence++;
      GpioAbi.in(event)
          .putLong(0, nanos.getAsLong())
          .putInt(8, rising ? GpioAbi.EVENT_RISING : GpioAbi.EVENT_FALLING)
          .putInt(12, offset)
          .putInt(16, sequence)
          .putInt(20, sequence);
      if (events.size() == room) {
        events.remove();
      }
      events.add(event);
    }
  }

  private static final class Waker {
    boolean rung;
  }

  private final LongSupplier nanos;
  private final Map<String, Chip> chips = new HashMap<>();
  private final Map<Integer, Object> open = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private int nextFd = 3;
  private boolean refusesAccess;
  private boolean isOld;

  FakeKernel(LongSupplier nanos) {
    this.nanos = nanos;
  }

  synchronized void plug(String name, String label, int lines) {
    chips.put("/dev/" + name, new Chip(name, label, lines));
  }

  synchronized void unplug(String name) {
    Chip chip = chips.remove("/dev/" + name);
    if (chip != null) {
      chip.gone = true;
    }
    notifyAll();
  }

  synchronized void refuseAccess() {
    refusesAccess = true;
  }

  /** As before version 5.10. */
  synchronized void beOld() {
    isOld = true;
  }

  synchronized void drive(String name, int offset, boolean high) {
    Line line = chip(name).lines[offset];
    boolean before = line.level();
    line.outside = high;
    Request request = line.request;
    if (request != null && request.hasEdges && before != line.level()) {
      request.edge(high);
      notifyAll();
    }
  }

  synchronized boolean driven(String name, int offset) {
    Line line = chip(name).lines[offset];
    if (!line.output) {
      throw new IllegalStateException("line " + offset + " is no output");
    }
    return line.driven;
  }

  synchronized void hold(String name, int offset, String consumer) {
    Line line = chip(name).lines[offset];
    line.consumer = consumer;
    line.request = new Request(chip(name), offset, false, 16, 0);
  }

  synchronized void name(String chip, int offset, String name) {
    chip(chip).lines[offset].name = name;
  }

  synchronized int debounceMicros(String name, int offset) {
    Request request = chip(name).lines[offset].request;
    return request == null ? -1 : request.debounceMicros;
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized int openDescriptors() {
    return open.size();
  }

  private Chip chip(String name) {
    Chip chip = chips.get("/dev/" + name);
    if (chip == null) {
      throw new IllegalStateException("no chip " + name);
    }
    return chip;
  }

  private int give(Object what) {
    open.put(nextFd, what);
    return nextFd++;
  }

  private int violation(int error, String what) {
    violations.add(what);
    return -error;
  }

  @Override
  public synchronized int open(String path) {
    Chip chip = chips.get(path);
    if (chip == null) {
      return -ENOENT;
    }
    return refusesAccess ? -EACCES : give(chip);
  }

  @Override
  public synchronized int ioctl(int fd, int request, byte[] argument) {
    int size = request >>> 16 & 0x3FFF;
    if (argument.length != size) {
      return violation(
          EINVAL, "ioctl " + Integer.toHexString(request) + " with " + argument.length);
    }
    Object what = open.get(fd);
    if (what instanceof Chip chip) {
      return chip.gone ? -ENODEV : chipCall(chip, request, argument);
    }
    if (what instanceof Request of) {
      return of.chip.gone ? -ENODEV : lineCall(of, request, argument);
    }
    return violation(EBADF, "ioctl on descriptor " + fd);
  }

  private int chipCall(Chip chip, int request, byte[] argument) {
    switch (request) {
      case 0x8044B401 -> {
        put(argument, 0, chip.name);
        put(argument, 32, chip.label);
        GpioAbi.in(argument).putInt(64, chip.lines.length);
        return 0;
      }
      case 0xC100B405 -> {
        int offset = GpioAbi.in(argument).getInt(64);
        if (offset < 0 || offset >= chip.lines.length) {
          return -EINVAL;
        }
        Line line = chip.lines[offset];
        put(argument, 0, line.name);
        put(argument, 32, line.consumer);
        GpioAbi.in(argument)
            .putLong(
                72,
                (line.request == null ? 0 : GpioAbi.FLAG_USED)
                    | (line.output ? GpioAbi.FLAG_OUTPUT : GpioAbi.FLAG_INPUT));
        return 0;
      }
      case 0xC250B407 -> {
        return isOld ? -ENOTTY : request(chip, GpioAbi.in(argument));
      }
      default -> {
        return violation(ENOTTY, "chip ioctl " + Integer.toHexString(request));
      }
    }
  }

  private static void put(byte[] target, int at, String text) {
    for (int i = 0; i < text.length(); i++) {
      target[at + i] = (byte) text.charAt(i);
    }
  }

  private int request(Chip chip, ByteBuffer asked) {
    if (asked.getInt(560) != 1) {
      return violation(EINVAL, "this fake takes one line a request");
    }
    for (int at = 300; at < 320; at += 4) {
      if (asked.getInt(at) != 0 || asked.getInt(at + 268) != 0) {
        return violation(EINVAL, "padding is not zero");
      }
    }
    int offset = asked.getInt(0);
    if (offset < 0 || offset >= chip.lines.length) {
      return -EINVAL;
    }
    long flags = asked.getLong(288);
    boolean input = (flags & GpioAbi.FLAG_INPUT) != 0;
    boolean output = (flags & GpioAbi.FLAG_OUTPUT) != 0;
    if ((flags & ~KNOWN_FLAGS) != 0
        || input == output
        || (flags & EDGES) != 0 && !input
        || Long.bitCount(flags & BIASES) > 1
        || asked.getInt(296) > 10) {
      return violation(EINVAL, "flags " + Long.toHexString(flags));
    }
    boolean initial = false;
    int debounce = 0;
    for (int i = 0; i < asked.getInt(296); i++) {
      int at = 320 + 24 * i;
      int id = asked.getInt(at);
      if (asked.getInt(at + 4) != 0 || asked.getLong(at + 16) != 1 || id == 3 && !input) {
        return violation(EINVAL, "attribute " + id);
      }
      initial |= id == 2 && (asked.getLong(at + 8) & 1) != 0;
      debounce = id == 3 ? asked.getInt(at + 8) : debounce;
    }
    Line line = chip.lines[offset];
    if (line.request != null) {
      return -EBUSY;
    }
    int room = Math.min(64 * 16, Math.max(16, asked.getInt(564)));
    Request request = new Request(chip, offset, (flags & EDGES) != 0, room, debounce);
    line.request = request;
    line.output = output;
    line.driven = output && initial;
    line.bias = flags & BIASES;
    asked.putInt(588, give(request));
    return 0;
  }

  private int lineCall(Request of, int request, byte[] argument) {
    Line line = of.chip.lines[of.offset];
    ByteBuffer values = GpioAbi.in(argument);
    if (values.getLong(8) != 1) {
      return violation(EINVAL, "values of lines that were not requested");
    }
    switch (request) {
      case 0xC010B40E -> {
        values.putLong(0, line.level() ? 1 : 0);
        return 0;
      }
      case 0xC010B40F -> {
        if (!line.output) {
          return violation(EPERM, "an input is driven");
        }
        line.driven = (values.getLong(0) & 1) != 0;
        return 0;
      }
      default -> {
        return violation(ENOTTY, "line ioctl " + Integer.toHexString(request));
      }
    }
  }

  @Override
  public synchronized int read(int fd, byte[] target) {
    Object what = open.get(fd);
    if (what instanceof Waker waker) {
      if (!waker.rung || target.length < 8) {
        return violation(EINVAL, "would block for ever on the waker");
      }
      waker.rung = false;
      return 8;
    }
    if (!(what instanceof Request of)) {
      return violation(EBADF, "read on descriptor " + fd);
    }
    if (of.chip.gone) {
      return -ENODEV;
    }
    if (!of.hasEdges || of.events.isEmpty() || target.length < GpioAbi.EVENT_SIZE) {
      return violation(EINVAL, "would block for ever on line " + of.offset);
    }
    int at = 0;
    while (!of.events.isEmpty() && at + GpioAbi.EVENT_SIZE <= target.length) {
      System.arraycopy(of.events.remove(), 0, target, at, GpioAbi.EVENT_SIZE);
      at += GpioAbi.EVENT_SIZE;
    }
    return at;
  }

  @Override
  public synchronized int poll(int[] fds, boolean[] ready, int timeoutMs) {
    while (true) {
      int count = 0;
      for (int i = 0; i < fds.length; i++) {
        Object what = open.get(fds[i]);
        if (what == null) {
          violations.add("poll on descriptor " + fds[i]);
        }
        ready[i] =
            what == null
                || what instanceof Waker waker && waker.rung
                || what instanceof Request of && (of.chip.gone || !of.events.isEmpty());
        count += ready[i] ? 1 : 0;
      }
      if (count > 0 || timeoutMs == 0) {
        return count;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        return -EINTR;
      }
    }
  }

  @Override
  public synchronized int waker() {
    return give(new Waker());
  }

  @Override
  public synchronized int wake(int waker) {
    if (!(open.get(waker) instanceof Waker one)) {
      return violation(EBADF, "wake on descriptor " + waker);
    }
    one.rung = true;
    notifyAll();
    return 8;
  }

  @Override
  public synchronized int close(int fd) {
    Object what = open.remove(fd);
    if (what == null) {
      return violation(EBADF, "close of descriptor " + fd);
    }
    if (what instanceof Request of) {
      Line line = of.chip.lines[of.offset];
      line.request = null;
      line.output = false;
      line.bias = 0;
    }
    return 0;
  }
}
