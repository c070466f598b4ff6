package io.verge.poll;

import io.verge.driver.BusException;
import io.verge.driver.LineSession;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lines of one chip, claimed on first use. Bus thread only. */
final class LineBus implements LineSession {
  private static final int SETTLE_MAX_MS = 2000;
  private static final int PULSE_MAX_MICROS = 1000;

  private final GpioChip chip;
  private final Ticker ticker;
  private final Map<Integer, GpioChip.Input> inputs = new HashMap<>();
  private final Map<Integer, GpioChip.Output> outputs = new HashMap<>();
  private final Map<Integer, GpioChip.Pwm> channels = new HashMap<>();
  private boolean claimRefused;

  LineBus(GpioChip chip, Ticker ticker) {
    this.chip = chip;
    this.ticker = ticker;
  }

  /**
   * Whether the last failure since this was asked was one line that can't be claimed (absent, held
   * by another program), while the chip is there.
   */
  boolean takeClaimRefused() {
    boolean was = claimRefused;
    claimRefused = false;
    return was;
  }

  @Override
  public boolean level(int line, Pull pull) throws BusException {
    try {
      return input(line, pull).read();
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  @Override
  public List<Edge> edges(int line, Pull pull) throws BusException {
    try {
      List<Edge> edges = new ArrayList<>();
      for (GpioChip.Edge edge : input(line, pull).takeEdges()) {
        edges.add(new Edge(edge.nanos() / 1000, edge.rising()));
      }
      return edges;
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  @Override
  public long lostEdges(int line, Pull pull) throws BusException {
    try {
      return input(line, pull).lostEdges();
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  @Override
  public void drive(int line, boolean high) throws BusException {
    try {
      GpioChip.Output output = outputs.get(line);
      if (output == null) {
        claimRefused = true;
        outputs.put(line, chip.output(line, high));
        claimRefused = false;
      } else {
        output.write(high);
      }
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  @Override
  public boolean timesEdges() {
    return chip.timesEdges();
  }

  @Override
  public void pulse(int line, int micros) throws BusException {
    if (micros < 1 || micros > PULSE_MAX_MICROS) {
      throw new IllegalArgumentException("a pulse of " + micros + " us");
    }
    drive(line, true);
    ticker.sleepUntil(ticker.nanos() + micros * 1000L);
    drive(line, false);
  }

  @Override
  public boolean driven(int line) {
    GpioChip.Output output = outputs.get(line);
    return output != null && output.level();
  }

  @Override
  public void modulate(int channel, long periodNanos, long highNanos) throws BusException {
    try {
      GpioChip.Pwm pwm = channels.get(channel);
      if (pwm == null) {
        claimRefused = true;
        pwm = chip.pwm(channel);
        claimRefused = false;
        channels.put(channel, pwm);
      }
      pwm.write(periodNanos, highNanos);
    } catch (TransportException e) {
      throw gone(e);
    }
  }

  @Override
  public void settle(int millis) {
    if (millis < 1 || millis > SETTLE_MAX_MS) {
      throw new IllegalArgumentException("settling for " + millis + " ms");
    }
    ticker.sleepUntil(ticker.nanos() + millis * 1_000_000L);
  }

  @Override
  public long micros() {
    return ticker.nanos() / 1000;
  }

  private GpioChip.Input input(int line, Pull pull) throws TransportException {
    GpioChip.Input input = inputs.get(line);
    if (input == null) {
      claimRefused = true;
      input =
          chip.input(
              line,
              switch (pull) {
                case NONE -> GpioChip.Bias.NONE;
                case UP -> GpioChip.Bias.UP;
                case DOWN -> GpioChip.Bias.DOWN;
              });
      claimRefused = false;
      inputs.put(line, input);
    }
    return input;
  }

  private static BusException gone(TransportException e) {
    return new BusException(String.valueOf(e.getMessage()), e);
  }
}
