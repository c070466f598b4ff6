package io.verge.drivers.dlt645;

import io.verge.drivers.wire.bcd.Bcd;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a data identifier stands for: DL/T 645-2007, annex A, tables A.1 to A.4.
 *
 * @param bytes of one value.
 * @param signed whether the highest bit is a sign.
 * @param phase 1..3, or 0 for the total.
 * @param tariff 0 for all of them.
 * @param storage settlements ago; 0 now.
 * @param block whether several values of this kind follow each other.
 */
record Dlt645Item(
    String quantity,
    String unit,
    int bytes,
    int decimals,
    boolean signed,
    int phase,
    int tariff,
    int storage,
    boolean block) {
  private static final int BLOCK = 0xFF;
  private static final String[] ENERGIES = {
    "energy combined",
    "energy forward",
    "energy reverse",
    "reactive energy combined 1",
    "reactive energy combined 2",
    "reactive energy quadrant 1",
    "reactive energy quadrant 2",
    "reactive energy quadrant 3",
    "reactive energy quadrant 4",
    "apparent energy forward",
    "apparent energy reverse"
  };

  /** The DI2 of a phase's first energy; the others follow as those of the total do. */
  private static final int[] PHASES = {0x00, 0x14, 0x28, 0x3C};

  /** Null where this table has nothing for it. */
  static @Nullable Dlt645Item of(long di) {
    int group = (int) (di >> 24) & 0xFF;
    int kind = (int) (di >> 16) & 0xFF;
    int which = (int) (di >> 8) & 0xFF;
    int last = (int) di & 0xFF;
    return switch (group) {
      case 0x00 -> energy(kind, which, last);
      case 0x02 -> instantaneous(kind, which, last);
      default -> null;
    };
  }

  /** The items of 1997 that have a relative in 2007, in the 1997 resolution. */
  static @Nullable Dlt645Item of1997(int di) {
    return switch (di) {
      case 0x9010 -> single("energy forward", "kWh", 4, 2, 0);
      case 0x9020 -> single("energy reverse", "kWh", 4, 2, 0);
      case 0x9110 -> single("reactive energy forward", "kvarh", 4, 2, 0);
      case 0x9120 -> single("reactive energy reverse", "kvarh", 4, 2, 0);
      case 0xB611, 0xB612, 0xB613 -> single("voltage", "V", 2, 0, di & 0xF);
      case 0xB621, 0xB622, 0xB623 -> single("current", "A", 2, 2, di & 0xF);
      case 0xB630, 0xB631, 0xB632, 0xB633 -> single("power", "kW", 3, 4, di & 0xF);
      case 0xB640, 0xB641, 0xB642, 0xB643 -> single("reactive power", "kvar", 2, 2, di & 0xF);
      case 0xB650, 0xB651, 0xB652, 0xB653 -> single("power factor", "", 2, 3, di & 0xF);
      default -> null;
    };
  }

  private static Dlt645Item single(
      String quantity, String unit, int bytes, int decimals, int phase) {
    return new Dlt645Item(quantity, unit, bytes, decimals, false, phase, 0, 0, false);
  }

  private static @Nullable Dlt645Item energy(int kind, int which, int last) {
    for (int phase = PHASES.length - 1; phase >= 0; phase--) {
      int index = kind - PHASES[phase];
      if (index < (phase == 0 ? 0 : 1)) {
        continue;
      }
      if (index >= ENERGIES.length || which > 63 && which != BLOCK || last > 12) {
        return null;
      }
      String unit =
          ENERGIES[index].startsWith("reactive")
              ? "kvarh"
              : ENERGIES[index].startsWith("apparent") ? "kVAh" : "kWh";
      // Combined energies may be negative; the highest bit of the others is a digit's.
      boolean signed = index == 0 || index == 3 || index == 4;
      boolean block = which == BLOCK;
      return new Dlt645Item(
          ENERGIES[index], unit, 4, 2, signed, phase, block ? 0 : which, last, block);
    }
    return null;
  }

  private static @Nullable Dlt645Item instantaneous(int kind, int which, int last) {
    if (kind == 0x80 && which == 0) {
      return various(last);
    }
    if (last != 0 || which > 3 && which != BLOCK) {
      return null;
    }
    boolean block = which == BLOCK;
    int phase = block ? 0 : which;
    return switch (kind) {
      case 0x01 -> new Dlt645Item("voltage", "V", 2, 1, false, phase, 0, 0, block);
      case 0x02 -> new Dlt645Item("current", "A", 3, 3, true, phase, 0, 0, block);
      case 0x03 -> new Dlt645Item("power", "kW", 3, 4, true, phase, 0, 0, block);
      case 0x04 -> new Dlt645Item("reactive power", "kvar", 3, 4, true, phase, 0, 0, block);
      case 0x05 -> new Dlt645Item("apparent power", "kVA", 3, 4, true, phase, 0, 0, block);
      case 0x06 -> new Dlt645Item("power factor", "", 2, 3, true, phase, 0, 0, block);
      case 0x07 -> new Dlt645Item("phase angle", "deg", 2, 1, false, phase, 0, 0, block);
      case 0x08 -> new Dlt645Item("voltage distortion", "%", 2, 2, false, phase, 0, 0, block);
      case 0x09 -> new Dlt645Item("current distortion", "%", 2, 2, false, phase, 0, 0, block);
      default -> null;
    };
  }

  private static @Nullable Dlt645Item various(int last) {
    return switch (last) {
      case 0x01 -> single("neutral current", "A", 3, 3, 0);
      case 0x02 -> single("frequency", "Hz", 2, 2, 0);
      case 0x03 -> new Dlt645Item("power of one minute", "kW", 3, 4, true, 0, 0, 0, false);
      case 0x04 -> new Dlt645Item("active demand", "kW", 3, 4, true, 0, 0, 0, false);
      case 0x07 -> new Dlt645Item("temperature", "Cel", 2, 1, true, 0, 0, 0, false);
      case 0x08 -> single("clock battery voltage", "V", 2, 2, 0);
      case 0x09 -> single("reading battery voltage", "V", 2, 2, 0);
      case 0x0A -> single("battery working time", "min", 4, 0, 0);
      default -> null;
    };
  }

  /**
   * The phase of a block's value: blocks of voltage, current, angle and distortion begin with phase
   * 1, the others with the total.
   */
  int phaseOf(int value) {
    if (!block || quantity.contains("energy")) {
      return phase;
    }
    return quantity.contains("power") ? value : value + 1;
  }

  /** The tariff of a block's value: a block of energies begins with the total. */
  int tariffOf(int value) {
    return block && quantity.contains("energy") ? value : tariff;
  }

  /** The number at an offset, or null where its digits are none or all FF: not supported. */
  @Nullable BigDecimal value(byte[] data, int at) {
    byte[] number = java.util.Arrays.copyOfRange(data, at, at + bytes);
    boolean negative = signed && number[bytes - 1] < 0 && !Bcd.isAll(number, 0, bytes, 0xFF);
    if (negative) {
      number[bytes - 1] &= 0x7F;
    }
    long digits = Bcd.number(number, 0, bytes);
    return digits == Bcd.NONE ? null : BigDecimal.valueOf(negative ? -digits : digits, decimals);
  }
}
