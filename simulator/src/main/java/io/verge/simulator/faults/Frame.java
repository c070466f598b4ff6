package io.verge.simulator.faults;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a store process and its campaign say to each other through pipes: type, length, body. A pipe
 * keeps what was written when its writer is killed; a frame cut short is nothing.
 */
record Frame(byte type, byte[] body) {
  /** Process to campaign: how the store was found. Longs: see {@link Victim}. */
  static final byte STARTED = 'S';

  /** Process to campaign, before anything is offered: totals of this life with it. */
  static final byte OFFERED = 'O';

  /** Process to campaign, after the commit: totals of this life, and counters. */
  static final byte COMMITTED = 'C';

  static final byte HELLO = 'H';
  static final byte CATALOG = 'K';
  static final byte BATCH = 'B';

  /** Process to campaign: what the store complained of. */
  static final byte TROUBLE = 'X';

  /** Process to campaign: everything is delivered and the store closed. */
  static final byte DONE = 'D';

  /** Campaign to process: one or more acks, one message. */
  static final byte ACK = 'A';

  /** Campaign to process: acquire nothing more, deliver everything, close. */
  static final byte FINISH = 'F';

  private static final int BYTES_MAX = 4 << 20;

  static Frame of(byte type, long... values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(values.length * Long.BYTES);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (long value : values) {
        out.writeLong(value);
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return new Frame(type, bytes.toByteArray());
  }

  long[] longs() {
    long[] values = new long[body.length / Long.BYTES];
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readLong();
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be read", e);
    }
    return values;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeByte(type);
    out.writeInt(body.length);
    out.write(body);
    out.flush();
  }

  /** The next frame; null at the end, in the middle of a frame too. */
  static @Nullable Frame read(DataInputStream in) throws IOException {
    try {
      byte type = in.readByte();
      int length = in.readInt();
      if (length < 0 || length > BYTES_MAX) {
        throw new IOException("a frame of " + length + " bytes");
      }
      byte[] body = new byte[length];
      in.readFully(body);
      return new Frame(type, body);
    } catch (EOFException e) {
      return null;
    }
  }
}
