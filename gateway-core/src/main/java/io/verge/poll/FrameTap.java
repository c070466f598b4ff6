package io.verge.poll;

/** Sees every byte that passes a bus, for traces. Called by the bus thread; must not block. */
@FunctionalInterface
public interface FrameTap {
  /**
   * @param sent true: to the devices; false: from them.
   */
  void saw(String bus, long nanos, boolean sent, byte[] bytes);
}
