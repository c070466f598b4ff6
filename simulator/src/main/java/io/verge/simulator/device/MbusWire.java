package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * M-Bus water meters: link layer of EN 13757-2 (short frames, SND_NKE, REQ_UD2), application layer
 * of EN 13757-3 (variable data structure, BCD volume and flow). Written from the M-Bus
 * documentation 4.8, chapters 5 and 6.
 */
public final class MbusWire implements Wire {
  private static final int SHORT = 5;
  private static final int POINTS = 3;

  /**
   * One meter.
   *
   * @param cubicMetres its total.
   * @param flow in cubic metres an hour.
   */
  public record Meter(long serial, DoubleSupplier cubicMetres, DoubleSupplier flow) {}

  private final Map<Integer, Meter> meters = new TreeMap<>();
  private final Map<Integer, Integer> accesses = new TreeMap<>();
  private byte[] waiting = new byte[0];
  private long lastNanos;
  private volatile long served;

  public void put(int address, Meter meter) {
    meters.put(address, meter);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    byte[] before = nanos - lastNanos > REQUEST_NANOS ? new byte[0] : waiting;
    lastNanos = nanos;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    int at = 0;
    while (all.length - at >= SHORT) {
      if (all[at] == 0x10
          && all[at + 4] == 0x16
          && (byte) (all[at + 1] + all[at + 2]) == all[at + 3]) {
        answers.writeBytes(answer(all[at + 1] & 0xFF, all[at + 2] & 0xFF));
        at += SHORT;
      } else {
        at++;
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return answers.toByteArray();
  }

  private byte[] answer(int control, int address) {
    Meter meter = meters.get(address);
    if (meter == null) {
      return new byte[0];
    }
    return switch (control) {
      case 0x40 -> new byte[] {(byte) 0xE5};
      case 0x5B, 0x7B -> data(address, meter);
      default -> new byte[0];
    };
  }

  private byte[] data(int address, Meter meter) {
    served += POINTS;
    int access = accesses.merge(address, 1, Integer::sum) & 0xFF;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0x08);
    body.write(address);
    body.write(0x72);
    body.writeBytes(bcd(meter.serial(), 4));
    body.writeBytes(new byte[] {(byte) 0xB6, 0x59, 0x01, 0x07, (byte) access, 0, 0, 0});
    body.write(0x0C);
    body.write(0x13);
    body.writeBytes(bcd(Math.round(meter.cubicMetres().getAsDouble() * 1000), 4));
    body.write(0x0B);
    body.write(0x3B);
    body.writeBytes(bcd(Math.round(meter.flow().getAsDouble() * 1000), 3));
    byte[] payload = body.toByteArray();
    int sum = 0;
    for (byte one : payload) {
      sum += one;
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x68);
    frame.write(payload.length);
    frame.write(payload.length);
    frame.write(0x68);
    frame.writeBytes(payload);
    frame.write(sum);
    frame.write(0x16);
    return frame.toByteArray();
  }

  private static byte[] bcd(long number, int bytes) {
    byte[] out = new byte[bytes];
    long left = number;
    for (int i = 0; i < bytes; i++) {
      out[i] = (byte) (left % 10 | left / 10 % 10 << 4);
      left /= 100;
    }
    return out;
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
