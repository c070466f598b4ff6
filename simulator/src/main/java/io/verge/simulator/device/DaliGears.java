package io.verge.simulator.device;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** DALI gear behind a master, written from hardware-notes/dali-masters.md and IEC 62386-102. */
public final class DaliGears {
  /** The backward frame that does not come. */
  static final int NO_ANSWER = -1;

  /** One gear: what 62386-102 calls its variables. */
  public static final class Gear {
    private int level;
    private @Nullable IntSupplier follows;
    private boolean lampFails;
    private boolean mayWrite;
    private boolean latched;
    private final Map<Integer, Supplier<byte[]>> banks = new TreeMap<>();
    private Map<Integer, byte[]> frozen = Map.of();

    /** The light's level, 0..254. */
    public int level() {
      IntSupplier other = follows;
      return other == null ? level : other.getAsInt();
    }

    /** From now on somebody else sets its level, a sensor of the bus for instance. */
    public void follow(IntSupplier other) {
      follows = other;
    }

    public void fail() {
      lampFails = true;
    }

    /** A memory bank's bytes from offset 0 on. */
    public void bank(int number, byte[] bytes) {
      byte[] constant = bytes.clone();
      bank(number, () -> constant);
    }

    /** A bank whose bytes change. */
    public void bank(int number, Supplier<byte[]> bytes) {
      banks.put(number, bytes);
    }

    private byte @Nullable [] bank(int number) {
      Supplier<byte[]> live = banks.get(number);
      return latched ? frozen.get(number) : live == null ? null : live.get();
    }
  }

  private final Map<Integer, Gear> gears = new TreeMap<>();
  private int dtr0;
  private int dtr1;
  private volatile long served;

  public void put(int address, Gear gear) {
    gears.put(address, gear);
  }

  long served() {
    return served;
  }

  /** A forward frame; the backward frame, or {@link #NO_ANSWER}. */
  int forward(int first, int second, boolean twice) {
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
      gear.frozen = new TreeMap<>();
      gear.banks.forEach((number, bytes) -> gear.frozen.put(number, bytes.get()));
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
        yield (gear.lampFails ? 2 : 0) | (gear.level() > 0 && !gear.lampFails ? 4 : 0);
      }
      case 0x98 -> dtr0;
      case 0xA0 -> gear.lampFails ? 0xFF : gear.level();
      case 0xC5 -> memory(gear);
      default -> NO_ANSWER;
    };
  }

  private int memory(Gear gear) {
    byte[] bank = gear.bank(dtr1);
    return bank == null || dtr0 >= bank.length ? NO_ANSWER : bank[dtr0++] & 0xFF;
  }
}
