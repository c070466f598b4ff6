package io.verge.time;

/** Time that moves only when the test moves it or somebody waits, and a clock that goes with it. */
public final class FakeTime implements Ticker, WallClock {
  public long nanos;

  /** UTC when {@link #nanos} was 0, milliseconds. */
  public long offsetMs;

  public boolean trusted = true;
  private final int uncertaintyMs;

  public FakeTime(long nanos, long offsetMs, int uncertaintyMs) {
    this.nanos = nanos;
    this.offsetMs = offsetMs;
    this.uncertaintyMs = uncertaintyMs;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }

  @Override
  public long utcMs() {
    return offsetMs + nanos / 1_000_000;
  }

  @Override
  public boolean isTrusted() {
    return trusted;
  }

  @Override
  public int uncertaintyMs() {
    return uncertaintyMs;
  }

  @Override
  public void offer(long utcMs, int uncMs) {}
}
