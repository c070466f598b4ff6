package io.verge.drivers.modbus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reads that fetch a set of registers, merged into as few as the device's limits allow. A span
 * is never split. Pure.
 *
 * @param reads in the order they are asked: by function, then by register.
 * @param places where each wanted span is found, in the order the spans were given.
 */
record RegisterPlan(List<Read> reads, List<Place> places) {
  /** Registers somebody wants: {@code words} of them from {@code register} on. */
  record Span(int function, int register, int words) {}

  /** One request. */
  record Read(int function, int register, int words) {}

  /** The registers of a span begin at {@code offset} within the answer to read {@code read}. */
  record Place(int read, int offset) {}

  RegisterPlan {
    reads = List.copyOf(reads);
    places = List.copyOf(places);
  }

  /**
   * Takes spans from the lowest register on into one read for as long as the limits allow; since a
   * read must cover the lowest span left anyway, no other choice needs fewer reads.
   *
   * @param most registers one read may have; 1..125, at least that of the longest span.
   * @param gap registers nobody wants that may lie between two spans of one read.
   */
  static RegisterPlan of(List<Span> spans, int most, int gap) {
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
      if (span.words() < 1 || span.words() > most) {
        throw new IllegalArgumentException(span + " in reads of at most " + most);
      }
      int last = reads.size() - 1;
      Read merged = last < 0 ? null : merged(reads.get(last), span, most, gap);
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

  private static @Nullable Read merged(Read read, Span span, int most, int gap) {
    int end = Math.max(read.register() + read.words(), span.register() + span.words());
    int words = end - read.register();
    boolean near = span.register() - (read.register() + read.words()) <= gap;
    return span.function() == read.function() && near && words <= most
        ? new Read(read.function(), read.register(), words)
        : null;
  }
}
