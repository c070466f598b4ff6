package io.verge.drivers.wire.dali;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the memory banks of D4i gear. Source: DiiA parts 252 and 253, version 1.1, by way
 * of python-dali, {@code dali/memory}. Multi-byte values have their high byte first.
 */
public final class DaliMemory {
  public static final int BANK_FIRST = 202;
  public static final int BANK_LAST = 207;

  /** First byte of the values; before it are the last offset, an indicator, and the lock byte. */
  public static final int OFFSET_FIRST = 3;

  /** Writing {@link #LATCH} here freezes the values while they are read. */
  public static final int OFFSET_LATCH = 2;

  public static final int LATCH = 0xAA;

  private static final int SCALE_MOST = 6;
  private static final int KELVIN_LIKE = 60;

  /** How a value is written. */
  public enum Form {
    /** A signed power of ten, then an integer. */
    SCALED,
    NUMBER,
    /** Degrees Celsius and 60. */
    TEMPERATURE,
    /** 0 or 1. */
    FLAG
  }

  /** Whether there is a value. */
  public enum State {
    VALUE,
    /** All FF: this gear does not have it. */
    MASK,
    /** FE at the end: not now. */
    TMASK,
    INVALID
  }

  /**
   * One value as read.
   *
   * @param number null unless the state is {@link State#VALUE}.
   */
  public record Value(State state, @Nullable BigDecimal number) {}

  /**
   * Where a value stands.
   *
   * @param exponent the number read times 10^exponent is the value in the unit.
   */
  public record Cell(
      int bank, String name, int offset, int length, Form form, int exponent, String unit) {
    /** Offset of its last byte. */
    public int last() {
      return offset + length - 1;
    }
  }

  private static final List<Cell> CELLS =
      List.of(
          new Cell(202, "energy", 0x04, 7, Form.SCALED, 0, "Wh"),
          new Cell(202, "power", 0x0B, 5, Form.SCALED, 0, "W"),
          new Cell(203, "apparent-energy", 0x04, 7, Form.SCALED, 0, "VAh"),
          new Cell(203, "apparent-power", 0x0B, 5, Form.SCALED, 0, "VA"),
          new Cell(204, "load-energy", 0x04, 7, Form.SCALED, 0, "Wh"),
          new Cell(204, "load-power", 0x0B, 5, Form.SCALED, 0, "W"),
          new Cell(205, "operating-time", 0x04, 4, Form.NUMBER, 0, "s"),
          new Cell(205, "starts", 0x08, 3, Form.NUMBER, 0, ""),
          new Cell(205, "voltage", 0x0B, 2, Form.NUMBER, -1, "V"),
          new Cell(205, "frequency", 0x0D, 1, Form.NUMBER, 0, "Hz"),
          new Cell(205, "power-factor", 0x0E, 1, Form.NUMBER, -2, ""),
          new Cell(205, "failure", 0x0F, 1, Form.FLAG, 0, ""),
          new Cell(205, "undervoltage", 0x11, 1, Form.FLAG, 0, ""),
          new Cell(205, "overvoltage", 0x13, 1, Form.FLAG, 0, ""),
          new Cell(205, "power-limited", 0x15, 1, Form.FLAG, 0, ""),
          new Cell(205, "thermal-derating", 0x17, 1, Form.FLAG, 0, ""),
          new Cell(205, "thermal-shutdown", 0x19, 1, Form.FLAG, 0, ""),
          new Cell(205, "temperature", 0x1B, 1, Form.TEMPERATURE, 0, "Cel"),
          new Cell(205, "output", 0x1C, 1, Form.NUMBER, 0, "%"),
          new Cell(206, "lamp-starts", 0x07, 3, Form.NUMBER, 0, ""),
          new Cell(206, "lamp-time", 0x0E, 4, Form.NUMBER, 0, "s"),
          new Cell(206, "lamp-voltage", 0x12, 2, Form.NUMBER, -1, "V"),
          new Cell(206, "lamp-current", 0x14, 2, Form.NUMBER, -3, "A"),
          new Cell(206, "lamp-fault", 0x16, 1, Form.FLAG, 0, ""),
          new Cell(206, "lamp-shorted", 0x18, 1, Form.FLAG, 0, ""),
          new Cell(206, "lamp-open", 0x1A, 1, Form.FLAG, 0, ""),
          new Cell(206, "lamp-derating", 0x1C, 1, Form.FLAG, 0, ""),
          new Cell(206, "lamp-shutdown", 0x1E, 1, Form.FLAG, 0, ""),
          new Cell(206, "lamp-temperature", 0x20, 1, Form.TEMPERATURE, 0, "Cel"),
          new Cell(207, "rated-life", 0x04, 1, Form.NUMBER, 3, "h"),
          new Cell(207, "reference-temperature", 0x05, 1, Form.TEMPERATURE, 0, "Cel"),
          new Cell(207, "rated-starts", 0x06, 2, Form.NUMBER, 2, ""));

  private DaliMemory() {}

  /** The values of a bank, by offset; empty for banks other than 202..207. */
  public static List<Cell> cells(int bank) {
    return CELLS.stream().filter(cell -> cell.bank() == bank).toList();
  }

  /**
   * Reads a value from its bytes.
   *
   * @param bytes as many as the cell has; 1..7.
   */
  public static Value value(byte[] bytes, Form form, int exponent) {
    int from = form == Form.SCALED ? 1 : 0;
    int scale = form == Form.SCALED ? bytes[0] : exponent;
    if (form == Form.SCALED && Math.abs(scale) > SCALE_MOST) {
      return new Value(State.INVALID, null);
    }
    long number = 0;
    for (int i = from; i < bytes.length; i++) {
      number = number << 8 | bytes[i] & 0xFF;
    }
    long mask = (1L << 8 * (bytes.length - from)) - 1;
    if (number >= mask - 1) {
      return new Value(number == mask ? State.MASK : State.TMASK, null);
    }
    if (form == Form.FLAG && number > 1) {
      return new Value(State.INVALID, null);
    }
    BigDecimal value =
        BigDecimal.valueOf(form == Form.TEMPERATURE ? number - KELVIN_LIKE : number)
            .scaleByPowerOfTen(scale);
    return new Value(State.VALUE, value.scale() < 0 ? value.setScale(0) : value);
  }
}
