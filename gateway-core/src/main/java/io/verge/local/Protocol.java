package io.verge.local;

/** Numbers and words that both ends of the socket share. */
public final class Protocol {
  /** The only version there is; a request of another one is answered with an error. */
  public static final int VERSION = 1;

  /** Bytes of one request, newline excluded: a request is a word and a few short arguments. */
  public static final int REQUEST_MAX = 64 << 10;

  /** Bytes of one answer line: a status with 10,000 silent devices of 64 characters fits. */
  public static final int ANSWER_MAX = 4 << 20;

  /** The request cannot be understood. */
  public static final String BAD_REQUEST = "bad-request";

  public static final String TOO_LONG = "too-long";

  public static final String UNKNOWN_VERSION = "unknown-version";

  public static final String UNKNOWN_DO = "unknown-do";

  /** No such asset, point, lane or uplink. */
  public static final String NOT_FOUND = "not-found";

  /** Understood, possible, and not allowed now. */
  public static final String REFUSED = "refused";

  /** Tried, and it did not work. */
  public static final String FAILED = "failed";

  /** Too many clients, or too many requests of one client at once. */
  public static final String BUSY = "busy";

  private Protocol() {}
}
