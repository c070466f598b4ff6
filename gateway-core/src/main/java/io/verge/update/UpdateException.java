package io.verge.update;

import org.jspecify.annotations.Nullable;

/** Why an update was not made; nothing was changed, or everything is as it was before. */
public final class UpdateException extends Exception {
  private final String next;

  public UpdateException(String message, String next) {
    this(message, next, null);
  }

  public UpdateException(String message, String next, @Nullable Throwable cause) {
    super(message, cause);
    this.next = next;
  }

  /** What to do about it. */
  public String next() {
    return next;
  }
}
