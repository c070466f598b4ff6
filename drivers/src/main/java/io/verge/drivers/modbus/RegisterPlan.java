package io.verge.drivers.modbus;

import io.verge.drivers.wire.modbus.ModbusCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reads that fetch a set of registers or bits, merged into as few as the device's limits allow.
 * A span is never split. Pure.
 *
 * @param reads in the order they are asked: by function, then by register.
 * @param places where each wanted span is found, in the order the spans were given.
 */
record RegisterPlan(List<Read> reads, List<Place> places) {
  /**
   * What one read may have.
   *
   * @param registers 1..125.
   * @param bits coils or discrete inputs, 1..2000.
   * @param gap registers or bits nobody wants that may lie between two spans of one read.
   */
  record Limits(int registers, int bits, int gap) {
    int most(int function) {
      return ModbusCodec.isOfBits(function) ? bits : registers;
    }
  }

  /** Registers or bits somebody wants: {@code words} of them from {@code register} on. */
  record Span(int function, int register, int words) {}

  /** One request. */
  record Read(int function, int register, int words) {}

  /**
   * The registers or bits of a span begin at {@code offset} within the answer to read {@code read}.
   */
  record Place(int read, int offset) {}

  RegisterPlan {
    reads = List.copyOf(reads);
    places = List.copyOf(places);
  }

  /**
   * Takes spans from the lowest register on into one read for as long as the limits allow; since a
   * read must cover the lowest span left anyway, no other choice needs fewer reads.
   *
   * @param limits at least the longest span.
   */
  static RegisterPlan of(List<Span> spans, Limits limits) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < spans.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.<Integer>comparingInt(i -> spans.get(i).function())
            .thenComparingInt(i -> spans.get(i).register())
            .thenComparingInt(i -> spans.get(i).words()));
    List<Read> reads = new ArrayList<>();
    Place[] places = new Place[spans.size()];
    for (int index : order) {
      Span span = spans.get(index);
      if (span.words() < 1 || span.words() > limits.most(span.function())) {
        throw new IllegalArgumentException(span + " in reads of " + limits);
      }
      int last = reads.size() - 1;
      Read merged = last < 0 ? null : merged(reads.get(last), span, limits);
      if (merged == null) {
        reads.add(new Read(span.function(), span.register(), span.words()));
        last++;
      } else {
        reads.set(last, merged);
      }
      places[index] = new Place(last, span.register() - reads.get(last).register());
    }
    return new RegisterPlan(reads, List.of(places));
  }

  private static @Nullable Read merged(Read read, Span span, Limits limits) {
    int end = Math.max(read.register() + read.words(), span.register() + span.words());
    int words = end - read.register();
    boolean near = span.register() - (read.register() + read.words()) <= limits.gap();
    return span.function() == read.function() && near && words <= limits.most(read.function())
        ? new Read(read.function(), read.register(), words)
        : null;
  }
}
