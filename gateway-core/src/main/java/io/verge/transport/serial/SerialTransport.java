package io.verge.transport.serial;

import com.fazecast.jSerialComm.SerialPort;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.TransportException;
import java.util.Arrays;

/**
 * An open serial port. A blocking read ends with the first byte, but its time-out is a multiple of
 * 100 ms (termios: VTIME). So reads block while the deadline is farther away than that, and the
 * rest is spent in naps: short ones at first, since an answer is near, longer ones later.
 */
final class SerialTransport implements ByteTransport {
  /** What a blocking read waits at most. */
  static final int BLOCKS_MS = 100;

  private static final long BLOCKS_NANOS = BLOCKS_MS * 1_000_000L;
  private static final long NAP_LEAST_NANOS = 1_000_000;
  private static final long NAP_MOST_NANOS = 5_000_000;
  private static final int CHUNK = 1024;

  /** Input thrown away at once; a wire that brings more is babbling. */
  private static final int DISCARD_MAX = 64 * CHUNK;

  private final String path;
  private final SerialPort port;
  private final long characterNanos;
  private final Ticker ticker;
  private final byte[] chunk = new byte[CHUNK];

  SerialTransport(String path, SerialPort port, long characterNanos, Ticker ticker) {
    this.path = path;
    this.port = port;
    this.characterNanos = characterNanos;
    this.ticker = ticker;
  }

  @Override
  public void write(byte[] source, long deadlineNanos) throws TransportException {
    int done = 0;
    while (done < source.length) {
      byte[] rest = done == 0 ? source : Arrays.copyOfRange(source, done, source.length);
      int written = port.writeBytes(rest, rest.length);
      if (written < 0) {
        throw gone();
      }
      done += written;
      if (done < source.length) {
        if (ticker.nanos() >= deadlineNanos) {
          throw new TransportException(path + ": could not send in time", true);
        }
        if (written == 0 && port.bytesAvailable() < 0) {
          throw gone();
        }
        ticker.sleepUntil(ticker.nanos() + NAP_LEAST_NANOS);
      }
    }
  }

  @Override
  public int read(byte[] target, int offset, long deadlineNanos) throws TransportException {
    long nap = NAP_LEAST_NANOS;
    while (true) {
      long now = ticker.nanos();
      int count = take(target.length - offset, deadlineNanos - now > BLOCKS_NANOS);
      if (count > 0) {
        System.arraycopy(chunk, 0, target, offset, count);
        return count;
      }
      long waited = ticker.nanos() - now;
      now += waited;
      if (now >= deadlineNanos || Thread.currentThread().isInterrupted()) {
        return 0;
      }
      if (waited < NAP_MOST_NANOS) {
        ticker.sleepUntil(Math.min(deadlineNanos, now + nap));
        nap = Math.min(NAP_MOST_NANOS, nap + nap / 4);
      }
    }
  }

  /** Reads into {@link #chunk}; without blocking only what is there. */
  private int take(int most, boolean mayBlock) throws TransportException {
    if (!mayBlock) {
      int there = port.bytesAvailable();
      if (there < 0) {
        throw gone();
      }
      if (there == 0) {
        return 0;
      }
    }
    int count = port.readBytes(chunk, Math.min(CHUNK, most));
    if (count < 0) {
      throw gone();
    }
    return count;
  }

  @Override
  public void discardInput() throws TransportException {
    for (int thrown = 0; thrown < DISCARD_MAX; ) {
      int count = take(CHUNK, false);
      if (count == 0) {
        return;
      }
      thrown += count;
    }
  }

  private TransportException gone() {
    return new TransportException(path + " is gone: was the adapter unplugged?", true);
  }

  @Override
  public long characterNanos() {
    return characterNanos;
  }

  @Override
  public void close() {
    port.closePort();
  }
}
