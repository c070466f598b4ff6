package io.verge.bytes;

import java.util.function.Function;

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

  /** The same of what the value is made into; what is wrong stays wrong. */
  default <R> Decoded<R> map(Function<? super T, R> into) {
    if (this instanceof Valid<T> valid) {
      return valid(into.apply(valid.value()));
    }
    Invalid<T> invalid = (Invalid<T>) this;
    return invalid(invalid.reason(), invalid.offset());
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
