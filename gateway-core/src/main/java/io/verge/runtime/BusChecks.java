package io.verge.runtime;

import io.verge.config.SiteConfig;
import io.verge.local.BusView;
import io.verge.local.FrameView;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a bus's figures and last frames say of its wiring. Pure. */
final class BusChecks {
  /** Fewer polls tell nothing. */
  private static final long POLLS_MIN = 20;

  private static final double NOISY = 0.02;

  /** So many echoes are no accident. */
  private static final int ECHOES_MIN = 3;

  private BusChecks() {}

  /**
   * @param frames the last ones, oldest first.
   */
  static Optional<Finding> wiring(SiteConfig.Bus bus, BusView view, List<FrameView> frames) {
    String check = "wiring " + bus.name();
    if (!view.state().equals("up") || view.polls() < POLLS_MIN || bus.hasLines()) {
      return Optional.empty();
    }
    if (!bus.echoes() && hearsItself(frames)) {
      return Optional.of(
          Finding.bad(
              check,
              "the adapter hears what it sends",
              "echo = true on this [[bus]], or the adapter's echo off"));
    }
    double share = (double) view.failedPolls() / view.polls();
    String figures =
        String.format(
            Locale.ROOT,
            "%.1f %% of %d polls were not good, %d of %d devices are silent",
            100 * share,
            view.polls(),
            view.silent().size(),
            view.devices());
    boolean all = view.silent().size() == view.devices();
    boolean heard = frames.stream().anyMatch(frame -> !frame.sent());
    if (all && !heard) {
      return Optional.of(
          Finding.bad(
              check,
              figures + ", and nothing at all is heard",
              "A and B swapped, no supply, or the wrong port: verge scan"));
    }
    if (all) {
      return Optional.of(
          Finding.bad(
              check,
              figures + ", yet bytes come",
              "Speed or parity: verge scan; A and B swapped; bias missing: verge trace "
                  + bus.name()));
    }
    if (view.silent().isEmpty() && share > NOISY) {
      return Optional.of(
          Finding.warning(
              check,
              figures + ": noise rather than a dead device",
              "120 ohm at both ends and nowhere else, bias at one place, one common ground"));
    }
    return Optional.of(Finding.good(check, figures));
  }

  private static boolean hearsItself(List<FrameView> frames) {
    int sent = 0;
    int echoes = 0;
    for (int i = 0; i + 1 < frames.size(); i++) {
      FrameView next = frames.get(i + 1);
      if (frames.get(i).sent() && !next.sent()) {
        sent++;
        echoes += next.hex().startsWith(frames.get(i).hex()) ? 1 : 0;
      }
    }
    // A function 6 answer repeats its request; polls are not of that kind.
    return echoes >= ECHOES_MIN && 2 * echoes > sent;
  }
}
