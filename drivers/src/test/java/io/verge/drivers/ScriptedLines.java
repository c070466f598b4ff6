package io.verge.drivers;

import io.verge.driver.LineSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A board with a clock that goes on only when it is told to. */
public final class ScriptedLines implements LineSession {
  private final Map<Integer, Boolean> inputs = new HashMap<>();
  private final Map<Integer, Boolean> outputs = new HashMap<>();
  private final Map<Integer, long[]> channels = new HashMap<>();
  private final List<Edge> edges = new ArrayList<>();
  private final List<Integer> settled = new ArrayList<>();
  private long micros = 5_000_000;
  private final List<Integer> pulsed = new ArrayList<>();
  private Runnable onPulse = () -> {};
  private boolean timing = true;
  private long lost;

  public void after(long more) {
    micros += more;
  }

  /** An input changes now, and its edge is recorded. */
  public void change(int line, boolean high) {
    inputs.put(line, high);
    edges.add(new Edge(micros, high));
  }

  /** An input is at this level, and no edge was seen. */
  public void set(int line, boolean high) {
    inputs.put(line, high);
  }

  public void lose(long more) {
    lost = more;
  }

  public List<Integer> settled() {
    return settled;
  }

  @Override
  public boolean level(int line, Pull pull) {
    return inputs.getOrDefault(line, pull == Pull.UP);
  }

  @Override
  public List<Edge> edges(int line, Pull pull) {
    List<Edge> taken = List.copyOf(edges);
    edges.clear();
    return taken;
  }

  @Override
  public long lostEdges(int line, Pull pull) {
    return lost;
  }

  @Override
  public void drive(int line, boolean high) {
    outputs.put(line, high);
  }

  @Override
  public boolean timesEdges() {
    return timing;
  }

  @Override
  public void pulse(int line, int length) {
    if (length < 1 || length > 1000) {
      throw new IllegalArgumentException("a pulse of " + length + " us");
    }
    pulsed.add(line);
    micros += length;
    onPulse.run();
  }

  /** What happens at each pulse of an output. */
  public void onPulse(Runnable then) {
    onPulse = then;
  }

  public List<Integer> pulsed() {
    return pulsed;
  }

  /** Edges are stamped late from now on. */
  public void blurEdges() {
    timing = false;
  }

  /** An input changes {@code later} microseconds from now, within a settling that begins now. */
  public void changeLater(long later, int line, boolean high) {
    inputs.put(line, high);
    edges.add(new Edge(micros + later, high));
  }

  @Override
  public boolean driven(int line) {
    return outputs.getOrDefault(line, false);
  }

  @Override
  public void modulate(int channel, long periodNanos, long highNanos) {
    if (periodNanos <= 0 || highNanos < 0 || highNanos > periodNanos) {
      throw new IllegalArgumentException(highNanos + " of " + periodNanos);
    }
    channels.put(channel, new long[] {periodNanos, highNanos});
  }

  /** Period and high time of a channel, in nanoseconds. */
  public long[] modulated(int channel) {
    return channels.getOrDefault(channel, new long[0]);
  }

  @Override
  public void settle(int millis) {
    settled.add(millis);
    micros += millis * 1000L;
  }

  @Override
  public long micros() {
    return micros;
  }
}
