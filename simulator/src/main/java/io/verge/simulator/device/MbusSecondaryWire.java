package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Mixed M-Bus meters that nobody gave addresses: all at primary address 0, told apart by selection
 * (CI 52) only. Several answers at once lie over one another: the line is low where any meter pulls
 * it so. Acks come at slightly different times, so several of them are no ack. Written from
 * hardware-notes/mbus-water.md and the M-Bus documentation 4.8, chapters 5 to 7.
 */
public final class MbusSecondaryWire implements Wire {
  private static final int SHORT = 5;
  private static final int SELECTION = 17;
  private static final int SELECTED = 0xFD;

  /**
   * One meter.
   *
   * @param number eight digits.
   * @param manufacturer two bytes, as a number with the low byte first on the wire.
   * @param cubicMetres its total.
   */
  public record Meter(
      int number, int manufacturer, int version, int medium, DoubleSupplier cubicMetres) {
    byte[] address() {
      byte[] bytes = Arrays.copyOf(bcd(number, 4), 8);
      bytes[4] = (byte) manufacturer;
      bytes[5] = (byte) (manufacturer >> 8);
      bytes[6] = (byte) version;
      bytes[7] = (byte) medium;
      return bytes;
    }
  }

  private final List<Meter> meters = new ArrayList<>();
  private List<Meter> selected = List.of();
  private byte[] waiting = new byte[0];
  private long lastNanos;
  private volatile long served;

  public void put(Meter meter) {
    meters.add(meter);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    byte[] before = nanos - lastNanos > REQUEST_NANOS ? new byte[0] : waiting;
    lastNanos = nanos;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    int at = 0;
    while (at < all.length) {
      if (all[at] == 0x10 && all.length - at < SHORT
          || all[at] == 0x68 && all.length - at < SELECTION) {
        break;
      }
      if (all[at] == 0x10 && (byte) (all[at + 1] + all[at + 2]) == all[at + 3]) {
        answers.writeBytes(shortFrame(all[at + 1] & 0xFF, all[at + 2] & 0xFF));
        at += SHORT;
      } else if (all[at] == 0x68 && all[at + 6] == 0x52) {
        answers.writeBytes(select(Arrays.copyOfRange(all, at + 7, at + 15)));
        at += SELECTION;
      } else {
        at++;
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return answers.toByteArray();
  }

  private byte[] select(byte[] mask) {
    selected = meters.stream().filter(meter -> matches(meter.address(), mask)).toList();
    return switch (selected.size()) {
      case 0 -> new byte[0];
      case 1 -> new byte[] {(byte) 0xE5};
      default -> new byte[] {(byte) 0xFC};
    };
  }

  private static boolean matches(byte[] address, byte[] mask) {
    for (int i = 0; i < 8; i++) {
      for (int part : i < 4 ? new int[] {0x0F, 0xF0} : new int[] {0xFF}) {
        if ((mask[i] & part) != part && (mask[i] & part) != (address[i] & part)) {
          return false;
        }
      }
    }
    return true;
  }

  private byte[] shortFrame(int control, int address) {
    if (control == 0x40) {
      selected = List.of();
      return address == 0
          ? overlaid(meters.stream().map(m -> new byte[] {(byte) 0xE5}).toList())
          : new byte[0];
    }
    List<Meter> asked = address == SELECTED ? selected : address == 0 ? meters : List.of();
    return (control | 0x20) == 0x7B
        ? overlaid(asked.stream().map(this::data).toList())
        : new byte[0];
  }

  private static byte[] overlaid(List<byte[]> answers) {
    int length = answers.stream().mapToInt(answer -> answer.length).max().orElse(0);
    byte[] line = new byte[length];
    Arrays.fill(line, (byte) 0xFF);
    for (byte[] answer : answers) {
      for (int i = 0; i < answer.length; i++) {
        line[i] &= answer[i];
      }
    }
    return line;
  }

  private byte[] data(Meter meter) {
    served++;
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(new byte[] {0x08, 0x00, 0x72});
    body.writeBytes(meter.address());
    body.writeBytes(new byte[] {1, 0, 0, 0, 0x0C, 0x13});
    body.writeBytes(bcd(Math.round(meter.cubicMetres().getAsDouble() * 1000), 4));
    byte[] payload = body.toByteArray();
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

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return served;
  }
}
