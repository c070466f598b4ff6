package io.verge.transport.gpio;

import com.pi4j.Pi4J;
import com.pi4j.boardinfo.util.BoardInfoHelper;
import com.pi4j.context.Context;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import io.verge.time.Ticker;
import io.verge.transport.GpioChip;
import io.verge.transport.TransportException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Opens the chip Pi4J finds: it takes the first whose label contains "pinctrl", one a process, and
 * on boards it knows as Raspberry Pi only.
 */
final class Pi4jGpio {
  private static final AtomicBoolean IN_USE = new AtomicBoolean();

  private Pi4jGpio() {}

  /** Whether Pi4J knows this board; on any other its chip opens, and then has no lines. */
  static boolean knowsBoard() {
    return BoardInfoHelper.runningOnRaspberryPi();
  }

  static GpioChip open(String place, Ticker ticker) throws TransportException {
    if (!IN_USE.compareAndSet(false, true)) {
      throw new TransportException(
          place + ": Pi4J serves one chip, and another bus has it; add ?via=chardev to one of them",
          true);
    }
    try {
      // Only what is named here: found automatically, a mock on the class path would win.
      Context context =
          Pi4J.newContextBuilder()
              .noAutoDetect()
              .disableShutdownHook()
              .add(
                  GpioDDigitalInputProvider.newInstance(), GpioDDigitalOutputProvider.newInstance())
              .build();
      return new Pi4jChip(place, context, ticker, () -> IN_USE.set(false));
    } catch (RuntimeException | LinkageError e) {
      IN_USE.set(false);
      throw new TransportException(
          place + ": Pi4J does not start (" + e.getMessage() + "); try ?via=chardev", true, e);
    }
  }
}
