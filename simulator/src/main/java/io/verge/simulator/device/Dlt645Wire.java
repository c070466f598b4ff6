package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * A DL/T 645-2007 meter that gives its items in parts where they are long, and refuses what it does
 * not have (hardware-notes/dlt645.md).
 */
public final class Dlt645Wire implements Wire {
  private static final int HEAD = 10;
  private static final int OFFSET = 0x33;

  /** Bytes of values in one frame: small, so that blocks come in several. */
  private static final int PART = 6;

  /** One value of an item: a number in the meter's resolution, and the bytes it takes. */
  public record Value(LongSupplier number, int bytes) {}

  private final byte[] address;
  private final Map<Long, Value[]> items = new TreeMap<>();
  private final MeterRequests requests = new MeterRequests(HEAD);
  private volatile long served;

  /**
   * @param number 12 digits, as a number.
   */
  public Dlt645Wire(long number) {
    this.address = MeterRequests.bcd(number, 6);
  }

  public void put(long di, Value... values) {
    items.put(di, values);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    for (byte[] request : requests.in(bytes, nanos)) {
      if (request[7] == 0x68 && MeterRequests.matches(request, 1, address)) {
        answers.writeBytes(answer(request));
      }
    }
    return answers.toByteArray();
  }

  private byte[] answer(byte[] request) {
    int control = request[8] & 0xFF;
    int length = request[9] & 0xFF;
    if (control != 0x11 && control != 0x12 || length < 4) {
      return new byte[0];
    }
    long di = 0;
    for (int i = 3; i >= 0; i--) {
      di = di << 8 | request[HEAD + i] - OFFSET & 0xFF;
    }
    Value[] values = items.get(di);
    int part = control == 0x12 && length == 5 ? request[HEAD + 4] - OFFSET & 0xFF : 0;
    byte[] whole = values == null ? new byte[0] : bytes(values);
    if (values == null || part * PART >= whole.length) {
      return frame(control | 0xC0, new byte[] {2});
    }
    int end = Math.min(whole.length, (part + 1) * PART);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    for (int i = 0; i < 4; i++) {
      data.write(request[HEAD + i] - OFFSET);
    }
    data.writeBytes(Arrays.copyOfRange(whole, part * PART, end));
    if (part > 0) {
      data.write(part);
    }
    boolean more = end < whole.length;
    served += more ? 0 : values.length;
    return frame(control | (more ? 0xA0 : 0x80), data.toByteArray());
  }

  private static byte[] bytes(Value[] values) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Value value : values) {
      long number = value.number().getAsLong();
      byte[] bcd = MeterRequests.bcd(Math.abs(number), value.bytes());
      if (number < 0) {
        bcd[bcd.length - 1] |= (byte) 0x80;
      }
      all.writeBytes(bcd);
    }
    return all.toByteArray();
  }

  private byte[] frame(int control, byte[] data) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x68);
    frame.writeBytes(address);
    frame.write(0x68);
    frame.write(control);
    frame.write(data.length);
    for (byte one : data) {
      frame.write(one + OFFSET);
    }
    return MeterRequests.closed(frame.toByteArray());
  }

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return served;
  }
}
