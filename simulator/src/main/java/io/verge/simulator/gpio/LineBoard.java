package io.verge.simulator.gpio;

import io.verge.transport.ChipView;
import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a chip with the electrics around them. Nothing runs by itself: whoever looks at the
 * board first has everything happen, in order and at its own time, that was due until now. So it is
 * exact in simulated time, where a waiting gateway skips over what happens meanwhile.
 */
public final class LineBoard {
  /** What is wired to a line does to it. */
  public enum Wire {
    OPEN,
    LOW,
    HIGH
  }

  /** What a chip does to a line: drives it, or lets it float. */
  public enum Drive {
    NONE,
    LOW,
    HIGH
  }

  private record Put(long nanos, long order, Runnable work) {}

  /** A line; only under the board's lock. */
  static final class Line {
    private Wire outside = Wire.OPEN;
    private Drive drive = Drive.NONE;
    private GpioChip.Bias bias = GpioChip.Bias.NONE;
    private @Nullable Object owner;
    private @Nullable List<GpioChip.Edge> edges;
    private long lost;
    private final List<Consumer<Drive>> listeners = new ArrayList<>();

    private boolean level() {
      if (drive != Drive.NONE) {
        return drive == Drive.HIGH;
      }
      return outside == Wire.OPEN ? bias == GpioChip.Bias.UP : outside == Wire.HIGH;
    }
  }

  /** A PWM channel: it goes on without its chip. */
  static final class Channel {
    private long periodNanos;
    private long highNanos;
    private @Nullable Object owner;
  }

  private final LongSupplier ticker;
  private final Line[] lines;
  private final Channel[] channels;
  private final PriorityQueue<Put> agenda =
      new PriorityQueue<>(Comparator.comparingLong(Put::nanos).thenComparingLong(Put::order));
  private long order;
  private long nanos;
  private boolean plugged = true;
  private int plugging;

  /**
   * @param ticker simulated or real monotonic nanoseconds.
   */
  public LineBoard(LongSupplier ticker, int lines, int channels) {
    this.channels = new Channel[channels];
    for (int i = 0; i < channels; i++) {
      this.channels[i] = new Channel();
    }
    this.ticker = ticker;
    this.nanos = ticker.getAsLong();
    this.lines = new Line[lines];
    for (int i = 0; i < lines; i++) {
      this.lines[i] = new Line();
    }
  }

  /** The moment of what is happening; else now. */
  public synchronized long nanos() {
    return nanos;
  }

  /** Has everything happen that is due. */
  public synchronized void catchUp() {
    long now = ticker.getAsLong();
    for (Put next = agenda.peek(); next != null && next.nanos() <= now; next = agenda.peek()) {
      agenda.remove();
      nanos = Math.max(nanos, next.nanos());
      next.work().run();
    }
    nanos = Math.max(nanos, now);
  }

  /** Puts work of a device off. */
  public synchronized void at(long when, Runnable work) {
    agenda.add(new Put(when, order++, work));
  }

  /** What is wired to a line changes, at {@link #nanos()}. */
  public synchronized void wire(int line, Wire wire) {
    change(lines[line], one -> one.outside = wire);
  }

  /** A device hears what the chip does to a line, at once of what it does now. */
  public synchronized void listen(int line, Consumer<Drive> listener) {
    lines[line].listeners.add(listener);
    listener.accept(lines[line].drive);
  }

  /** What a chip does to a line now. */
  public synchronized Drive drive(int line) {
    catchUp();
    return lines[line].drive;
  }

  /** Another program takes a line that is free. */
  public synchronized void hold(int line) {
    lines[line].owner = "another program";
  }

  /** Its lines as a person sees them; null while it is unplugged. */
  synchronized @Nullable ChipView view(String name) {
    catchUp();
    List<ChipView.LineView> views = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      boolean used = lines[i].owner != null;
      views.add(
          new ChipView.LineView(
              i, "LINE" + i, lines[i].drive != Drive.NONE, used, used ? "verge" : ""));
    }
    return plugged ? new ChipView(name, "simulated board", views) : null;
  }

  /** The chip goes, and with it whatever was claimed. */
  public synchronized void unplug() {
    catchUp();
    plugged = false;
    plugging++;
    for (Line line : lines) {
      release(line);
    }
  }

  public synchronized void plug() {
    plugged = true;
  }

  /**
   * @throws TransportException while the chip is unplugged.
   */
  public synchronized GpioChip open(String place) throws TransportException {
    if (!plugged) {
      throw new TransportException(place + " is unplugged", true);
    }
    return new SimulatedChip(place, this, plugging);
  }

  synchronized Line claim(SimulatedChip chip, int number, Drive drive, GpioChip.@Nullable Bias bias)
      throws TransportException {
    checkPlugged(chip);
    if (number < 0 || number >= lines.length) {
      throw new TransportException(
          chip.place() + " line " + number + ": there are 0.." + (lines.length - 1), false);
    }
    Line line = lines[number];
    if (line.owner != null) {
      String holder = line.owner == chip ? "this chip" : "'another program'";
      throw new TransportException(
          chip.place() + " line " + number + " is held by " + holder, true);
    }
    line.owner = chip;
    line.bias = bias == null ? GpioChip.Bias.NONE : bias;
    line.edges = bias == null ? null : new ArrayList<>();
    line.lost = 0;
    drive(line, drive);
    return line;
  }

  synchronized void drive(SimulatedChip chip, Line line, boolean high) throws TransportException {
    checkPlugged(chip);
    drive(line, high ? Drive.HIGH : Drive.LOW);
  }

  private void drive(Line line, Drive drive) {
    if (line.drive != drive) {
      change(line, one -> one.drive = drive);
      line.listeners.forEach(listener -> listener.accept(drive));
    }
  }

  synchronized boolean read(SimulatedChip chip, Line line) throws TransportException {
    checkPlugged(chip);
    return line.level();
  }

  synchronized List<GpioChip.Edge> takeEdges(SimulatedChip chip, Line line)
      throws TransportException {
    checkPlugged(chip);
    List<GpioChip.Edge> taken = line.edges == null ? List.of() : line.edges;
    line.edges = new ArrayList<>();
    return taken;
  }

  synchronized long lostEdges(Line line) {
    return line.lost;
  }

  synchronized void release(SimulatedChip chip) {
    catchUp();
    for (Line line : lines) {
      if (line.owner == chip) {
        release(line);
      }
    }
  }

  private void release(Line line) {
    line.owner = null;
    line.edges = null;
    line.bias = GpioChip.Bias.NONE;
    drive(line, Drive.NONE);
  }

  synchronized Channel claim(SimulatedChip chip, int number) throws TransportException {
    checkPlugged(chip);
    if (number < 0 || number >= channels.length) {
      throw new TransportException(
          chip.place() + " channel " + number + ": there are " + channels.length, false);
    }
    if (channels[number].owner == chip) {
      throw new TransportException(chip.place() + " channel " + number + " is in use", false);
    }
    channels[number].owner = chip;
    return channels[number];
  }

  synchronized void modulate(SimulatedChip chip, Channel channel, long periodNanos, long highNanos)
      throws TransportException {
    checkPlugged(chip);
    if (periodNanos <= 0 || highNanos < 0 || highNanos > periodNanos) {
      throw new IllegalArgumentException(highNanos + " ns of " + periodNanos + " ns");
    }
    channel.periodNanos = periodNanos;
    channel.highNanos = highNanos;
  }

  /** High nanoseconds and period of a channel; empty before it is first written. */
  public synchronized long[] modulation(int channel) {
    Channel one = channels[channel];
    return one.periodNanos == 0 ? new long[0] : new long[] {one.highNanos, one.periodNanos};
  }

  private void checkPlugged(SimulatedChip chip) throws TransportException {
    catchUp();
    if (chip.plugging() != plugging) {
      throw new TransportException(chip.place() + " is gone: was it unplugged?", true);
    }
  }

  private void change(Line line, Consumer<Line> change) {
    boolean before = line.level();
    change.accept(line);
    if (line.edges != null && before != line.level()) {
      if (line.edges.size() < GpioChip.EDGES_MAX) {
        line.edges.add(new GpioChip.Edge(nanos, line.level()));
      } else {
        line.lost++;
      }
    }
  }
}
