package io.verge.simulator.backend;

/** The ledger could not read or write; nothing of the operation was stored. */
public final class LedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  public LedgerException(String message) {
    super(message);
  }

  public LedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
