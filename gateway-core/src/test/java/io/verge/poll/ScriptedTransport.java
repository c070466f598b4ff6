package io.verge.poll;

import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.TransportException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** A 9600-baud wire under a fake ticker: each request is answered by a function, chunk by chunk. */
final class ScriptedTransport implements ByteTransport {
  static final long CHARACTER_NANOS = 1_145_833;

  /** Bytes that arrive at a moment. */
  record Chunk(long nanos, byte[] bytes) {}

  final List<byte[]> written = new ArrayList<>();
  private final Ticker ticker;
  private final Function<byte[], List<Chunk>> device;
  private final Deque<Chunk> coming = new ArrayDeque<>();
  boolean gone;

  /** That brought something. */
  int reads;

  /**
   * @param device chunks with times relative to the end of the request.
   */
  ScriptedTransport(Ticker ticker, Function<byte[], List<Chunk>> device) {
    this.ticker = ticker;
    this.device = device;
  }

  @Override
  public void write(byte[] source, long deadlineNanos) throws TransportException {
    check();
    written.add(source.clone());
    ticker.sleepUntil(ticker.nanos() + source.length * CHARACTER_NANOS);
    for (Chunk chunk : device.apply(source)) {
      coming.add(new Chunk(ticker.nanos() + chunk.nanos(), chunk.bytes()));
    }
  }

  @Override
  public int read(byte[] target, int offset, long deadlineNanos) throws TransportException {
    check();
    Chunk next = coming.peek();
    if (next == null || next.nanos() > deadlineNanos) {
      ticker.sleepUntil(deadlineNanos);
      return 0;
    }
    ticker.sleepUntil(next.nanos());
    reads++;
    int count = 0;
    while (next != null && next.nanos() <= ticker.nanos()) {
      System.arraycopy(next.bytes(), 0, target, offset + count, next.bytes().length);
      count += next.bytes().length;
      coming.remove();
      next = coming.peek();
    }
    return count;
  }

  @Override
  public void discardInput() throws TransportException {
    check();
    coming.removeIf(chunk -> chunk.nanos() <= ticker.nanos());
  }

  @Override
  public long characterNanos() {
    return CHARACTER_NANOS;
  }

  @Override
  public void close() {
    gone = true;
  }

  private void check() throws TransportException {
    if (gone) {
      throw new TransportException("port is gone", true);
    }
  }
}
