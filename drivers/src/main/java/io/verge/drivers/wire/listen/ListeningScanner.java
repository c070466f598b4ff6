package io.verge.drivers.wire.listen;

import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.BusSession;
import io.verge.driver.Framer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Hears whether a sensor that talks by itself is on the port; sends nothing. One that sleeps or
 * waits to be asked is not found.
 *
 * @param formats as in {@link BusScanner#formats()}.
 * @param waitMs how long a frame may be waited for.
 * @param forms what its frames may look like, the likeliest first.
 */
public record ListeningScanner(String protocol, List<String> formats, int waitMs, List<Form> forms)
    implements BusScanner {
  /** Frames that have to be heard: noise passes an eight-bit sum now and then, but not so often. */
  private static final int FRAMES = 3;

  /**
   * One form of frames.
   *
   * @param values of a checked frame, for people.
   * @param settings the keys of its device table, as TOML lines.
   */
  public record Form(
      String name, Framer framer, Function<byte[], String> values, String settings) {}

  public ListeningScanner {
    formats = List.copyOf(formats);
    forms = List.copyOf(forms);
  }

  @Override
  public int timeoutMs() {
    return waitMs;
  }

  @Override
  public boolean listens() {
    return true;
  }

  @Override
  public void scan(BusSession bus, Report report) throws BusException {
    for (Form form : forms) {
      if (!report.goesOn()) {
        return;
      }
      report.at("listening for " + form.name());
      Hearing hearing = Hearing.of(bus, form.framer(), 0, FRAMES, waitMs);
      if (hearing.frames().size() == FRAMES) {
        byte[] last = hearing.frames().get(FRAMES - 1);
        report.found(
            new FoundDevice(
                "the UART",
                Map.of("talks like", form.name()),
                List.of(form.values().apply(last)),
                form.settings()));
        return;
      }
    }
  }
}
