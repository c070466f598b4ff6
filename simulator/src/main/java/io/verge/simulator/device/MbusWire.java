package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * M-Bus meters: link layer of EN 13757-2, primary addresses and selection (CI 52). Several answers
 * at once lie over one another: the line is low where any meter pulls it so. Acks to a selection
 * come at slightly different times, so several of them are no ack. Written from
 * hardware-notes/mbus-water.md and the M-Bus documentation 4.8, chapters 5 to 7.
 */
public final class MbusWire implements Wire {
  private static final int POINTS = 3;
  private static final int SHORT = 5;
  private static final int SELECTION = 17;
  private static final int SELECTED = 0xFD;
  private static final byte[] ACK = {(byte) 0xE5};

  private final List<MbusMeter> meters = new ArrayList<>();
  private List<MbusMeter> selected = List.of();
  private byte[] waiting = new byte[0];
  private long lastNanos;
  private int accesses;
  private volatile long served;

  public void put(MbusMeter meter) {
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
      if (all[at] == 0x10
          && all[at + 4] == 0x16
          && (byte) (all[at + 1] + all[at + 2]) == all[at + 3]) {
        answers.writeBytes(shortFrame(all[at + 1] & 0xFF, all[at + 2] & 0xFF));
        at += SHORT;
      } else if (all[at] == 0x68 && all[at + 6] == 0x52 && all[at + 16] == 0x16) {
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
    selected = meters.stream().filter(meter -> meter.isMeant(mask)).toList();
    return switch (selected.size()) {
      case 0 -> new byte[0];
      case 1 -> ACK.clone();
      default -> new byte[] {(byte) 0xFC};
    };
  }

  private byte[] shortFrame(int control, int address) {
    List<MbusMeter> asked =
        address == SELECTED
            ? selected
            : meters.stream().filter(meter -> meter.address() == address).toList();
    if (control == 0x40) {
      selected = List.of();
      return address == SELECTED || asked.isEmpty() ? new byte[0] : ACK.clone();
    }
    if ((control | 0x20) != 0x7B || asked.isEmpty()) {
      return new byte[0];
    }
    served += asked.size() == 1 ? POINTS : 0;
    accesses++;
    return overlaid(asked.stream().map(meter -> meter.data(accesses & 0xFF)).toList());
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

  @Override
  public byte[] spontaneous(long nanos) {
    return new byte[0];
  }

  @Override
  public long served() {
    return served;
  }
}
