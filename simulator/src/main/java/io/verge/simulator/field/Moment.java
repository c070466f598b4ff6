package io.verge.simulator.field;

/** The moment of what a line's devices say: one for a whole answer, however long it takes. */
final class Moment {
  private volatile long nanos;

  long nanos() {
    return nanos;
  }

  void set(long next) {
    nanos = next;
  }
}
