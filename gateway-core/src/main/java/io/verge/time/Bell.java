package io.verge.time;

/**
 * Wakes a worker before its due time. Whoever hands a worker something rings its bell; the crew
 * that steps the worker attaches what ringing does. Ringing is cheap, never blocks, and may be done
 * from any thread.
 */
public final class Bell {
  private final Runnable wake;
  private volatile Runnable onRing = () -> {};

  public Bell() {
    this(() -> {});
  }

  /**
   * @param wake ends a wait inside the worker's own step, for example in a selector; done by every
   *     ring, beside what the crew attaches.
   */
  public Bell(Runnable wake) {
    this.wake = wake;
  }

  public void ring() {
    wake.run();
    onRing.run();
  }

  /** Called once by the crew, before the worker's first step. */
  public void attach(Runnable ring) {
    onRing = ring;
  }
}
