package io.verge.driver;

/** The bus itself is gone. A device that does not answer is an {@link Answer}, not this. */
public final class BusException extends Exception {
  private static final long serialVersionUID = 1L;

  public BusException(String message, Throwable cause) {
    super(message, cause);
  }

  public BusException(String message) {
    super(message);
  }
}
