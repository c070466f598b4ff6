package io.verge.simulator.link;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One direction of the link: delays pieces by latency and bandwidth, in order. Pure. */
final class Pipe<T> {
  private record Piece<T>(T content, long dueNanos) {}

  private final ArrayDeque<Piece<T>> pieces = new ArrayDeque<>();
  private final long latencyNanos;
  private final int bytesPerSecond;
  private final int most;
  private long freeNanos;

  /**
   * @param most pieces on the way; the reader stops there, or a datagram is lost.
   */
  Pipe(LinkSettings settings, int most) {
    this.latencyNanos = settings.latencyMs() * 1_000_000L;
    this.bytesPerSecond = settings.bytesPerSecond();
    this.most = most;
  }

  boolean isFull() {
    return pieces.size() >= most;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  void put(T content, int bytes, long nowNanos) {
    long begins = pieces.isEmpty() ? Math.max(nowNanos, freeNanos) : freeNanos;
    begins = Math.max(begins, nowNanos);
    freeNanos = begins + (bytesPerSecond == 0 ? 0 : bytes * 1_000_000_000L / bytesPerSecond);
    pieces.add(new Piece<>(content, freeNanos + latencyNanos));
  }

  /** The piece that is due and stays until {@link #drop}, or null. */
  @Nullable T due(long nowNanos) {
    Piece<T> piece = pieces.peek();
    return piece != null && piece.dueNanos() <= nowNanos ? piece.content() : null;
  }

  void drop() {
    pieces.remove();
  }

  void clear() {
    pieces.clear();
  }

  /** When the next piece is due; {@link Long#MAX_VALUE} if there is none. */
  long dueNanos() {
    Piece<T> piece = pieces.peek();
    return piece == null ? Long.MAX_VALUE : piece.dueNanos();
  }
}
