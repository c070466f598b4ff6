package io.verge.bytes;

/** The outcome of decoding bytes from outside: a value, or what is wrong and where. */
public sealed interface Decoded<T> {
  record Valid<T>(T value) implements Decoded<T> {}

  /**
   * @param reason what was found and what was expected.
   * @param offset of the first byte that is wrong.
   */
  record Invalid<T>(String reason, int offset) implements Decoded<T> {}

  static <T> Decoded<T> valid(T value) {
    return new Valid<>(value);
  }

  static <T> Decoded<T> invalid(String reason, int offset) {
    return new Invalid<>(reason, offset);
  }

  default boolean isValid() {
    return this instanceof Valid;
  }

  /**
   * @throws IllegalStateException if the bytes were invalid: for bytes this gateway made itself.
   */
  default T orThrow() {
    if (this instanceof Valid<T> valid) {
      return valid.value();
    }
    Invalid<T> invalid = (Invalid<T>) this;
    throw new IllegalStateException(invalid.reason() + " at byte " + invalid.offset());
  }
}
