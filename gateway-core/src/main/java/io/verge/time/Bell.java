package io.verge.time;

/**
 * Wakes a worker before its due time. Whoever hands a worker something rings its bell; the crew
 * that steps the worker attaches what ringing does. Ringing is cheap, never blocks, and may be done
 * from any thread.
 */
public final class Bell {
  private volatile Runnable onRing = () -> {};

  public void ring() {
    onRing.run();
  }

  /** Called once by the crew, before the worker's first step. */
  public void attach(Runnable ring) {
    onRing = ring;
  }
}
