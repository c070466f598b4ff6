package io.verge.driver;

/** What a framer sees at the start of the received bytes. */
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

  private static final Framing NEED = new Framing(State.NEED_MORE, 0);

  public static Framing needMore() {
    return NEED;
  }

  public static Framing complete(int length) {
    return new Framing(State.COMPLETE, length);
  }

  public static Framing skip(int length) {
    return new Framing(State.SKIP, length);
  }
}
