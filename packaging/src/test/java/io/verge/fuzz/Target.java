package io.verge.fuzz;

/** One reader of bytes from outside. */
public interface Target {
  /** What most readers may allocate for an input of no bytes. */
  long ALLOWED_BYTES = 512 << 10;

  /** And for each byte of it. */
  long ALLOWED_A_BYTE = 1 << 10;

  /**
   * Reads. Whatever it throws is a finding; it is deterministic.
   *
   * @param input at most {@link Corpus#INPUT_MAX} bytes.
   */
  void read(byte[] input) throws Exception;

  /** How many bytes it may allocate for an input of so many bytes. */
  default long allowed(int length) {
    return ALLOWED_BYTES + length * ALLOWED_A_BYTE;
  }
}
