package io.verge.store;

import java.sql.SQLException;

/** The disk or the database failed; what was committed before is intact. */
public final class StoreException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, as far as it matters for what to do next. */
  enum Kind {
    /** The file itself is damaged or foreign. */
    DAMAGED,
    /** No room, on the disk or within the limit. */
    FULL,
    /** Somebody else holds the file. */
    LOCKED,
    OTHER
  }

  private final Kind kind;

  public StoreException(String message, Throwable cause) {
    super(message, cause);
    this.kind = Kind.OTHER;
  }

  public StoreException(String message) {
    this(message, Kind.OTHER);
  }

  StoreException(String message, Kind kind) {
    super(message);
    this.kind = kind;
  }

  private StoreException(String message, SQLException cause, Kind kind) {
    super(message, cause);
    this.kind = kind;
  }

  static StoreException of(String what, SQLException e) {
    Kind kind =
        Database.isDamage(e)
            ? Kind.DAMAGED
            : Database.isFull(e) ? Kind.FULL : Database.isBusy(e) ? Kind.LOCKED : Kind.OTHER;
    return new StoreException("cannot " + what + ": " + e.getMessage(), e, kind);
  }

  /** Whether the file itself is damaged or foreign, rather than its surroundings. */
  public boolean isDamaged() {
    return kind == Kind.DAMAGED;
  }

  /** Whether there was no room, on the disk or within the limit. */
  public boolean isFull() {
    return kind == Kind.FULL;
  }

  /** Whether somebody else, probably another gateway, holds the file. */
  public boolean isLocked() {
    return kind == Kind.LOCKED;
  }
}
