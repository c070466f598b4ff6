package io.verge.simulator.link;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One direction of a connection: what is on its way, in order. One thread. */
final class Pipe<T> {
  private record Piece<T>(T content, long dueNanos) {}

  private final ArrayDeque<Piece<T>> pieces = new ArrayDeque<>();
  private final Medium medium;
  private final int most;
  private final int headerBytes;
  private long lastNanos;

  /**
   * @param most pieces on the way; the reader stops there, or a datagram is lost.
   * @param headerBytes of each piece, beside its own.
   */
  Pipe(Medium medium, int most, int headerBytes) {
    this.medium = medium;
    this.most = most;
    this.headerBytes = headerBytes;
  }

  boolean isFull() {
    return pieces.size() >= most;
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  /** A piece of a stream: a loss makes it late. */
  void put(T content, int bytes, long nowNanos) {
    add(content, bytes, nowNanos, medium.retransmissionNanos());
  }

  /** A datagram: a loss is a loss, though it has used the air. */
  void offer(T content, int bytes, long nowNanos) {
    if (medium.loses()) {
      medium.sent(bytes + headerBytes, nowNanos);
    } else {
      add(content, bytes, nowNanos, 0);
    }
  }

  private void add(T content, int bytes, long nowNanos, long lateNanos) {
    long left = medium.sent(bytes + headerBytes, nowNanos);
    lastNanos = Math.max(lastNanos, left + medium.delayNanos() + lateNanos);
    pieces.add(new Piece<>(content, lastNanos));
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
