package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One M-Bus meter: the data it answers with, volume in litres and, where it has one, flow. Written
 * from the M-Bus documentation 4.8, chapter 6 and the tables of chapter 8.
 *
 * @param address primary; 0 where nobody gave it one.
 * @param number eight digits.
 * @param manufacturer two bytes, as a number with the low byte first on the wire.
 * @param cubicMetres its total.
 * @param flow in cubic metres an hour; null where it does not say.
 * @param isFixed whether it is old: fixed data structure, and deaf to selections.
 */
public record MbusMeter(
    int address,
    long number,
    int manufacturer,
    int version,
    int medium,
    DoubleSupplier cubicMetres,
    @Nullable DoubleSupplier flow,
    boolean isFixed) {
  private static final int LITRES = 0x29;
  private static final int SAME_HISTORIC = 0x3E;
  private static final int MEDIUM_LOW = 0xC0;

  /** A water meter of maker VMV at a primary address. */
  public static MbusMeter water(
      int address, long number, DoubleSupplier cubicMetres, DoubleSupplier flow) {
    return new MbusMeter(address, number, 0x59B6, 1, 7, cubicMetres, flow, false);
  }

  /** A meter nobody gave an address. */
  public static MbusMeter unaddressed(
      long number, int manufacturer, int version, int medium, DoubleSupplier cubicMetres) {
    return new MbusMeter(0, number, manufacturer, version, medium, cubicMetres, null, false);
  }

  /** An old water meter. */
  public static MbusMeter old(int address, long number, DoubleSupplier cubicMetres) {
    return new MbusMeter(address, number, 0, 0, 7, cubicMetres, null, true);
  }

  /** Eight bytes as on the wire. */
  byte[] secondary() {
    byte[] bytes = Arrays.copyOf(bcd(number, 4), 8);
    bytes[4] = (byte) manufacturer;
    bytes[5] = (byte) (manufacturer >> 8);
    bytes[6] = (byte) version;
    bytes[7] = (byte) medium;
    return bytes;
  }

  /** Whether a selection with F for anything means it. */
  boolean isMeant(byte[] mask) {
    byte[] own = secondary();
    for (int i = 0; i < 8; i++) {
      for (int part : i < 4 ? new int[] {0x0F, 0xF0} : new int[] {0xFF}) {
        if ((mask[i] & part) != part && (mask[i] & part) != (own[i] & part)) {
          return false;
        }
      }
    }
    return !isFixed;
  }

  /**
   * The answer to REQ_UD2, a long frame.
   *
   * @param access how many were asked for before.
   */
  byte[] data(int access) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(0x08);
    body.write(address);
    long litres = Math.round(cubicMetres.getAsDouble() * 1000);
    if (isFixed) {
      body.write(0x73);
      body.writeBytes(bcd(number, 4));
      body.write(access);
      body.write(0);
      body.write(LITRES | medium << 6 & MEDIUM_LOW);
      body.write(SAME_HISTORIC | medium << 4 & MEDIUM_LOW);
      body.writeBytes(bcd(litres, 4));
      body.writeBytes(bcd(litres / 2, 4));
    } else {
      body.write(0x72);
      body.writeBytes(secondary());
      body.writeBytes(new byte[] {(byte) access, 0, 0, 0, 0x0C, 0x13});
      body.writeBytes(bcd(litres, 4));
      if (flow != null) {
        body.writeBytes(new byte[] {0x0B, 0x3B});
        body.writeBytes(bcd(Math.round(flow.getAsDouble() * 1000), 3));
      }
    }
    return framed(body.toByteArray());
  }

  private static byte[] framed(byte[] payload) {
    int sum = 0;
    for (byte one : payload) {
      sum += one;
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(new byte[] {0x68, (byte) payload.length, (byte) payload.length, 0x68});
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
}
