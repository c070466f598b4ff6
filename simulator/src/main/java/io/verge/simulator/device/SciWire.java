package io.verge.simulator.device;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Lunatone SCI with DALI gear behind it: five bytes each way, the last the XOR of the others; the
 * master says that it has sent, then gives the answer, or says that there is none. Written from
 * hardware-notes/dali-masters.md and IEC 62386-102.
 */
public final class SciWire implements Wire {
  private static final int LENGTH = 5;
  private static final int TWICE = 0x10;
  private static final int NO_ANSWER = -1;

  /** One gear: what 62386-102 calls its variables. */
  public static final class Gear {
    private int level;
    private boolean lampFails;
    private boolean mayWrite;
    private boolean latched;
    private final Map<Integer, byte[]> banks = new TreeMap<>();
    private Map<Integer, byte[]> frozen = Map.of();

    /** The light's level, 0..254. */
    public int level() {
      return level;
    }

    public void fail() {
      lampFails = true;
    }

    /** A memory bank's bytes from offset 0 on. */
    public void bank(int number, byte[] bytes) {
      banks.put(number, bytes.clone());
    }
  }

  private final Map<Integer, Gear> gears = new TreeMap<>();
  private byte[] waiting = new byte[0];
  private long lastNanos;
  private int dtr0;
  private int dtr1;
  private volatile long served;

  public void put(int address, Gear gear) {
    gears.put(address, gear);
  }

  @Override
  public byte[] received(byte[] bytes, long nanos) {
    byte[] before = nanos - lastNanos > REQUEST_NANOS ? new byte[0] : waiting;
    lastNanos = nanos;
    byte[] all = Arrays.copyOf(before, before.length + bytes.length);
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    ByteArrayOutputStream answers = new ByteArrayOutputStream();
    int at = 0;
    for (; all.length - at >= LENGTH; at += LENGTH) {
      boolean good = (all[at] ^ all[at + 1] ^ all[at + 2] ^ all[at + 3]) == all[at + 4];
      if (!good) {
        answers.writeBytes(word(7, 1));
        continue;
      }
      int answer = forward(all[at + 1] & 0xFF, all[at + 2] & 0xFF, (all[at] & TWICE) != 0);
      if (answer == NO_ANSWER) {
        answers.writeBytes(word(1, 0));
      } else {
        answers.writeBytes(word(0, 0));
        answers.writeBytes(word(2, answer));
      }
    }
    waiting = Arrays.copyOfRange(all, at, all.length);
    return answers.toByteArray();
  }

  private static byte[] word(int kind, int value) {
    return new byte[] {(byte) kind, 0, 0, (byte) value, (byte) (kind ^ value)};
  }

  private int forward(int first, int second, boolean twice) {
    switch (first) {
      case 0xA3 -> dtr0 = second;
      case 0xC3 -> dtr1 = second;
      case 0xC9 -> {
        gears.values().stream().filter(gear -> gear.mayWrite).forEach(gear -> write(gear, second));
        dtr0++;
      }
      default -> {
        Gear gear = gears.get(first >> 1);
        if (gear != null) {
          return (first & 1) == 0 ? dim(gear, second) : command(gear, second, twice);
        }
      }
    }
    return NO_ANSWER;
  }

  /** AA at the lock byte of a bank freezes it. */
  private void write(Gear gear, int value) {
    if (dtr0 == 2) {
      gear.latched = value == 0xAA;
      gear.frozen = new TreeMap<>(gear.banks);
    }
  }

  private static int dim(Gear gear, int level) {
    gear.level = level == 0xFF ? gear.level : level;
    return NO_ANSWER;
  }

  private int command(Gear gear, int opcode, boolean twice) {
    gear.mayWrite = opcode == 0x81 ? twice : gear.mayWrite && opcode == 0x98;
    return switch (opcode) {
      case 0x00 -> dim(gear, 0);
      case 0x05 -> dim(gear, 254);
      case 0x90 -> {
        served++;
        yield (gear.lampFails ? 2 : 0) | (gear.level > 0 && !gear.lampFails ? 4 : 0);
      }
      case 0x98 -> dtr0;
      case 0xA0 -> gear.lampFails ? 0xFF : gear.level;
      case 0xC5 -> memory(gear);
      default -> NO_ANSWER;
    };
  }

  private int memory(Gear gear) {
    byte[] bank = (gear.latched ? gear.frozen : gear.banks).get(dtr1);
    return bank == null || dtr0 >= bank.length ? NO_ANSWER : bank[dtr0++] & 0xFF;
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
