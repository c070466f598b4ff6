package io.verge.store;

/** The disk or the database failed; what was committed before is intact. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;
  private final boolean damaged;

  public StoreException(String message, Throwable cause) {
    this(message, cause, false);
  }

  public StoreException(String message) {
    super(message);
    this.damaged = false;
  }

  StoreException(String message, boolean damaged) {
    super(message);
    this.damaged = damaged;
  }

  StoreException(String message, Throwable cause, boolean damaged) {
    super(message, cause);
    this.damaged = damaged;
  }

  /** Whether the file itself is damaged or foreign, rather than its surroundings. */
  public boolean isDamaged() {
    return damaged;
  }
}
