package io.verge.model;

/** How much an event matters; the number is that of syslog (RFC 5424, table 2) and of the wire. */
public enum Severity {
  CRITICAL(2),
  ERROR(3),
  WARNING(4),
  NOTICE(5),
  INFO(6);

  private final int number;

  Severity(int number) {
    this.number = number;
  }

  public int number() {
    return number;
  }

  /** Numbers outside 2..6 read as the nearest known one. */
  public static Severity of(int number) {
    for (Severity severity : values()) {
      if (severity.number >= number) {
        return severity;
      }
    }
    return INFO;
  }
}
