package io.verge.time;

/** A daemon thread beside the workers, for what only a blocking call can tell. */
public final class Background {
  private final Thread thread;

  private Background(Thread thread) {
    this.thread = thread;
  }

  /**
   * @param work ends by itself when it has been told to, by its owner.
   */
  public static Background start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return new Background(thread);
  }

  /** Returns when the work has ended, or after so long. */
  public void awaitEnd(int millis) {
    try {
      thread.join(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
