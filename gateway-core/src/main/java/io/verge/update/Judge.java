package io.verge.update;

import io.verge.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a gateway until it is known whether what was changed below it may stay. */
final class Judge {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private Judge() {}

  /**
   * Waits until the gateway has been healthy for long enough, or has had time enough to become so.
   *
   * @param before how it was before the change; null: it did not run.
   * @param expected the version that must answer; null: whichever does.
   * @return what was lacking in the end; empty: it is healthy.
   */
  static List<String> lacking(
      @Nullable Health before,
      @Nullable Version expected,
      Host host,
      Ticker ticker,
      Updater.Patience patience)
      throws IOException {
    long deadline = ticker.nanos() + patience.within().toNanos();
    long healthySince = Long.MAX_VALUE;
    while (true) {
      List<String> lacking = Health.lacking(before, host.health(), expected);
      long now = ticker.nanos();
      healthySince = lacking.isEmpty() ? Math.min(healthySince, now) : Long.MAX_VALUE;
      boolean isSteady = lacking.isEmpty() && now - healthySince >= patience.steady().toNanos();
      if (isSteady || now >= deadline && !lacking.isEmpty()) {
        return lacking;
      }
      ticker.sleepUntil(now + LOOK_EVERY.toNanos());
    }
  }
}
