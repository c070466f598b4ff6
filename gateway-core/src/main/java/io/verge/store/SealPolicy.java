package io.verge.store;

import io.verge.model.Lane;

/**
 * When journal rows become a batch. Pure.
 *
 * @param telemetryMs flush interval of telemetry while the link is up.
 * @param meterMs the same of meters.
 * @param watchedMs the same of both while someone watches.
 * @param bytesMax a batch is sealed when it would reach this size, link or no link.
 */
public record SealPolicy(long telemetryMs, long meterMs, long watchedMs, int bytesMax) {
  /** Design section 7: 5 minutes of telemetry, 1 minute while watched, 32 KiB. */
  public static final SealPolicy DEFAULT = new SealPolicy(300_000, 900_000, 60_000, 32 * 1024);

  /** The same with intervals that are longer; then nobody's watching shortens them. */
  public SealPolicy at(Pace pace) {
    return pace.equals(Pace.USUAL)
        ? this
        : new SealPolicy(
            Math.max(pace.leastMs(), telemetryMs * pace.telemetry()),
            Math.max(pace.leastMs(), meterMs * pace.meter()),
            Long.MAX_VALUE,
            bytesMax);
  }

  /**
   * What the policy looks at.
   *
   * @param waiting samples and events not sealed.
   * @param ageMs since the oldest of them was committed.
   * @param bytes what they would make as a batch, estimated.
   * @param bytesMax what the slowest link wants; the policy's own limit holds too.
   * @param urgent an event is among them that is not to wait.
   */
  public record View(
      Lane lane,
      int waiting,
      long ageMs,
      long bytes,
      boolean linkUp,
      boolean watched,
      boolean gapsWaiting,
      int bytesMax,
      boolean urgent) {}

  /** Milliseconds until the lane is to be sealed; 0: now; {@link Long#MAX_VALUE}: not by time. */
  public long waitMs(View view) {
    if (view.waiting() == 0) {
      return view.gapsWaiting() && view.lane() == Lane.EVENT && view.linkUp() ? 0 : Long.MAX_VALUE;
    }
    if (view.bytes() >= Math.min(bytesMax, view.bytesMax())) {
      return 0;
    }
    if (!view.linkUp()) {
      return Long.MAX_VALUE;
    }
    long interval =
        switch (view.lane()) {
          case EVENT -> view.urgent() || view.gapsWaiting() ? 0 : telemetryMs(view);
          case METER -> view.watched() ? Math.min(watchedMs, meterMs) : meterMs;
          case TELEMETRY -> telemetryMs(view);
        };
    return Math.max(0, interval - view.ageMs());
  }

  private long telemetryMs(View view) {
    return view.watched() ? Math.min(watchedMs, telemetryMs) : telemetryMs;
  }
}
