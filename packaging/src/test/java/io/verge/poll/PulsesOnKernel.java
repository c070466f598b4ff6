package io.verge.poll;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.driver.LineDriver;
import io.verge.driver.Readout;
import io.verge.runtime.Found;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.transport.PortUri;
import io.verge.transport.gpio.GpioProvider;
import io.verge.transport.gpio.GpioSim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pulse meter on a running kernel, as fast as its debouncing allows. */
final class PulsesOnKernel {
  private static final Ticker TICKER = new SystemTicker();
  private static final int LINE = 5;
  private static final int LINES = 8;
  private static final int BOUNCES = 3;

  /** What a level lasts beyond the debounce time. */
  private static final double LONGER = 1.05;

  @TempDir private Path folder = Path.of("unset");

  /** Pulses that bounces may have been, since this program stood still in them. */
  private long doubtful;

  @ParameterizedTest
  @CsvSource({"30, 160", "10, 500", "3, 1500", "1, 4000"})
  void everyPulseIsCounted(int debounceMs, int pulses) throws Exception {
    try (GpioSim sim = GpioSim.plug(LINES)) {
      sim.drive(LINE, true);
      LineDriver meter = meter(sim.chip(), debounceMs);
      PortUri uri = new PortUri("gpio", sim.chip(), Map.of("via", "chardev"));
      LinePort port = new LinePort(uri, new GpioProvider(), TICKER);
      port.open();
      assertThat(port.poll(meter).values()[0]).isZero();
      long lasts = Math.round(debounceMs * 1_000_000L * LONGER);
      long begin = TICKER.nanos();
      for (int pulse = 0; pulse < pulses; pulse++) {
        level(sim, false, lasts, debounceMs);
        level(sim, true, lasts, debounceMs);
        if (pulse % 100 == 99) {
          port.poll(meter);
        }
      }
      double seconds = (TICKER.nanos() - begin) / 1e9;
      Readout readout = port.poll(meter);
      port.close();
      System.out.printf(
          Locale.ROOT,
          "gpio: debounce %d ms: %d pulses, each edge with %d bounces, in %.1f s, %.0f a second: %d"
              + " counted, %d bounces were long enough to be one, %d edges lost%n",
          debounceMs,
          pulses,
          BOUNCES,
          seconds,
          pulses / seconds,
          readout.values()[0],
          doubtful,
          readout.values()[2]);
      assertThat(readout.values()[0]).isBetween((long) pulses, pulses + doubtful);
      assertThat(readout.values()[2]).isZero();
    }
  }

  /** A level with its bounces; it lasts from the last of them on. */
  private void level(GpioSim sim, boolean high, long nanos, int debounceMs) throws Exception {
    long before = TICKER.nanos();
    for (int change = 0; change <= 2 * BOUNCES; change++) {
      long begin = TICKER.nanos();
      sim.drive(LINE, high == (change % 2 == 0));
      doubtful += TICKER.nanos() - before >= debounceMs * 1_000_000L ? 1 : 0;
      before = begin;
    }
    long end = TICKER.nanos() + nanos;
    while (TICKER.nanos() < end) {
      TICKER.sleepUntil(end);
    }
  }

  private LineDriver meter(String chip, int debounceMs) throws Exception {
    Path file = folder.resolve("gateway.toml");
    Files.writeString(
        file,
        "[site]\ngateway = \"g\"\n[[bus]]\nname = \"b\"\nport = \"gpio:"
            + chip
            + "\"\n[[bus.device]]\nasset = \"a\"\ndriver = \"pulse\"\nlitres_per_pulse = 1\nline = "
            + LINE
            + "\ndebounce = \""
            + debounceMs
            + "ms\"\n");
    ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(file);
    SiteConfig config = read.config();
    assertThat(config).as("%s", read.problems()).isNotNull();
    return (LineDriver) requireNonNull(config).buses().get(0).devices().get(0).create(null);
  }
}
