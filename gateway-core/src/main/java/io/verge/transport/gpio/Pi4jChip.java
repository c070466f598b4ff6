package io.verge.transport.gpio;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of a Pi4J context. Pi4J refuses with unchecked exceptions of many kinds: each becomes a
 * {@link TransportException} that names the line.
 */
final class Pi4jChip implements GpioChip {
  private static final Logger LOG = LoggerFactory.getLogger(Pi4jChip.class);

  private final String place;
  private final Context context;
  private final Ticker ticker;
  private final Runnable whenClosed;
  private final Set<Integer> claimed = new HashSet<>();
  private volatile boolean closed;

  /**
   * @param context is shut down with this chip.
   * @param whenClosed runs once, afterwards.
   */
  Pi4jChip(String place, Context context, Ticker ticker, Runnable whenClosed) {
    this.place = place;
    this.context = context;
    this.ticker = ticker;
    this.whenClosed = whenClosed;
  }

  @Override
  public Input input(int line, Bias bias) throws TransportException {
    return claim(
        line,
        () -> {
          DigitalInput input =
              context.create(
                  DigitalInput.newConfigBuilder(context)
                      .id("verge-in-" + line)
                      .address(line)
                      .pull(pull(bias))
                      // Its debouncing forgets to look at what is queued when its thread was late.
                      .debounce(0L)
                      .build());
          return new Pi4jInput(this, line, input, ticker);
        });
  }

  @Override
  public Output output(int line, boolean high) throws TransportException {
    return claim(
        line,
        () -> {
          DigitalOutput output =
              context.create(
                  DigitalOutput.newConfigBuilder(context)
                      .id("verge-out-" + line)
                      .address(line)
                      .initial(state(high))
                      .build());
          // Pi4J hands out an output whose level it says it does not know.
          output.state(state(high));
          return new Pi4jOutput(line, output, high);
        });
  }

  private interface Claim<T> {
    T make();
  }

  private <T> T claim(int line, Claim<T> claim) throws TransportException {
    checkOpen();
    if (line < 0) {
      throw new TransportException(place + " has no line " + line, false);
    }
    if (claimed.contains(line)) {
      throw new TransportException(
          place + " line " + line + " is in use by another device of this bus", false);
    }
    try {
      T made = claim.make();
      claimed.add(line);
      return made;
    } catch (RuntimeException | LinkageError e) {
      throw failed(line, "cannot be claimed", e);
    }
  }

  void checkOpen() throws TransportException {
    if (closed) {
      throw new TransportException(place + " is closed", true);
    }
  }

  TransportException failed(int line, String what, Throwable why) {
    Throwable root = why;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return new TransportException(
        place
            + " line "
            + line
            + " "
            + what
            + " ("
            + root.getMessage()
            + "): does another program hold it? See: gpioinfo",
        true,
        why);
  }

  private static PullResistance pull(Bias bias) {
    return switch (bias) {
      case NONE -> PullResistance.OFF;
      case UP -> PullResistance.PULL_UP;
      case DOWN -> PullResistance.PULL_DOWN;
    };
  }

  private static DigitalState state(boolean high) {
    return high ? DigitalState.HIGH : DigitalState.LOW;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      context.shutdown();
    } catch (RuntimeException e) {
      // Whoever closes can do nothing about it; a line still held shows at the next claim.
      LOG.warn("{}: Pi4J did not shut down cleanly", place, e);
    } finally {
      whenClosed.run();
    }
  }

  private final class Pi4jOutput implements Output {
    private final int line;
    private final DigitalOutput output;
    private boolean level;

    Pi4jOutput(int line, DigitalOutput output, boolean level) {
      this.line = line;
      this.output = output;
      this.level = level;
    }

    @Override
    public void write(boolean high) throws TransportException {
      checkOpen();
      try {
        output.state(state(high));
        level = high;
      } catch (RuntimeException e) {
        throw failed(line, "cannot be driven", e);
      }
    }

    @Override
    public boolean level() {
      return level;
    }
  }
}
