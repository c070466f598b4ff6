package io.verge.model;

/**
 * A declared loss: these numbers will never be delivered, and why.
 *
 * @param firstMs first moment covered, milliseconds since 1970 UTC, or since boot where UTC was
 *     never known.
 * @param readings how many readings are lost.
 */
public record Gap(
    Lane lane,
    long bseqFirst,
    long bseqLast,
    long rseqFirst,
    long rseqLast,
    String reason,
    long firstMs,
    long lastMs,
    long readings) {
  public Gap {
    if (bseqFirst > bseqLast || rseqFirst > rseqLast) {
      throw new IllegalArgumentException(
          "gap " + bseqFirst + ".." + bseqLast + ", " + rseqFirst + ".." + rseqLast);
    }
  }
}
