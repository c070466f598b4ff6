package io.verge.transport;

/** Our own port failed: absent, unplugged, refused. Not "no answer", which is a value. */
public final class TransportException extends Exception {
  private static final long serialVersionUID = 1L;
  private final boolean retriable;

  /**
   * @param retriable whether trying again later may help without anybody changing the
   *     configuration.
   */
  public TransportException(String message, boolean retriable) {
    super(message);
    this.retriable = retriable;
  }

  public TransportException(String message, boolean retriable, Throwable cause) {
    super(message, cause);
    this.retriable = retriable;
  }

  public boolean isRetriable() {
    return retriable;
  }
}
