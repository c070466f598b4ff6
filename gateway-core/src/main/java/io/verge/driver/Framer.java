package io.verge.driver;

/**
 * Finds the one valid answer in what a wire delivers. Pure and stateless: looks from byte 0 each
 * time, and accepts only frames whose checksum, address and function fit the request, so that
 * noise, echoes, late and foreign answers are skipped and never taken for it.
 */
@FunctionalInterface
public interface Framer {
  /**
   * @param received bytes from the wire; only the first {@code length} count.
   */
  Framing examine(byte[] received, int length);
}
