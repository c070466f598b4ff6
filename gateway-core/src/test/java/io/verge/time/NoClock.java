package io.verge.time;

/** A clock that was never set: 1970. */
public final class NoClock implements WallClock {
  @Override
  public long utcMs() {
    return 0;
  }

  @Override
  public boolean isTrusted() {
    return false;
  }

  @Override
  public int uncertaintyMs() {
    return 0;
  }

  @Override
  public void offer(long utcMs, int uncMs) {}
}
