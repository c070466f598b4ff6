package io.verge.transport.serial;

import com.fazecast.jSerialComm.SerialPort;
import io.verge.time.Ticker;
import io.verge.transport.ByteTransport;
import io.verge.transport.TransportException;
import java.util.Arrays;

/**
 * An open serial port. jSerialComm's own time-outs are rounded to 100 ms, so reads do not block and
 * the waiting is ours: short naps at first, since an answer is near, longer ones later.
 */
final class SerialTransport implements ByteTransport {
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
      int count = port.readBytes(chunk, Math.min(CHUNK, target.length - offset));
      if (count < 0) {
        throw gone();
      }
      if (count > 0) {
        System.arraycopy(chunk, 0, target, offset, count);
        return count;
      }
      long now = ticker.nanos();
      if (now >= deadlineNanos || Thread.currentThread().isInterrupted()) {
        return 0;
      }
      ticker.sleepUntil(Math.min(deadlineNanos, now + nap));
      nap = Math.min(NAP_MOST_NANOS, nap + nap / 4);
    }
  }

  @Override
  public void discardInput() throws TransportException {
    for (int thrown = 0; thrown < DISCARD_MAX; ) {
      int count = port.readBytes(chunk, CHUNK);
      if (count < 0) {
        throw gone();
      }
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
