package io.verge.driver;

/**
 * What a framer sees at the start of the received bytes.
 *
 * @param length of {@code NEED_MORE}: how many bytes are lacking at least; else how many of those
 *     received it is about.
 */
public record Framing(State state, int length) {
  /** Verdict on the bytes so far. */
  public enum State {
    /** Could become a valid frame: wait for more. */
    NEED_MORE,
    /** The first {@code length} bytes are a whole, checked answer to this request. */
    COMPLETE,
    /** The first {@code length} bytes can't belong to one: drop them and look again. */
    SKIP
  }

  private static final Framing NEED = new Framing(State.NEED_MORE, 1);

  public static Framing needMore() {
    return NEED;
  }

  /**
   * @param least bytes without which no frame can be whole, 1 or more: until they can be there, the
   *     bus sleeps.
   */
  public static Framing needMore(int least) {
    return new Framing(State.NEED_MORE, least);
  }

  public static Framing complete(int length) {
    return new Framing(State.COMPLETE, length);
  }

  public static Framing skip(int length) {
    return new Framing(State.SKIP, length);
  }
}
