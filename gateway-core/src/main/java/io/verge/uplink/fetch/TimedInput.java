package io.verge.uplink.fetch;

import io.verge.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/**
 * What a socket receives until a deadline: a server that drips ends there, as a silent one does.
 */
final class TimedInput extends InputStream {
  private final Socket socket;
  private final InputStream in;
  private final Ticker ticker;
  private long untilNanos;

  TimedInput(Socket socket, Ticker ticker, long withinMs) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.ticker = ticker;
    within(withinMs);
  }

  /** A new deadline, from now on. */
  void within(long ms) {
    untilNanos = ticker.nanos() + ms * 1_000_000;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] to, int from, int count) throws IOException {
    long leftMs = (untilNanos - ticker.nanos()) / 1_000_000;
    if (leftMs <= 0) {
      throw new IOException("the server's answer is not whole in time");
    }
    socket.setSoTimeout((int) Math.min(leftMs, Integer.MAX_VALUE));
    return in.read(to, from, count);
  }
}
