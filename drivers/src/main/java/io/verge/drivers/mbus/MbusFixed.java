package io.verge.drivers.mbus;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder.Field;
import io.verge.drivers.wire.mbus.MbusFrame;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fixed data structure (CI 73) of old meters: ID (4), access number, status, units (2), two
 * counters of 4 bytes, low first; BCD, or binary with status bit 0. Source: M-Bus documentation
 * rev. 4.8, chapter 6, and the tables for the fixed data structure in chapter 8; rscada/libmbus,
 * mbus_data_fixed_medium.
 *
 * @param medium 0..15, in the highest bits of both units.
 * @param status as sent; bits 0 and 1 mean other things than in the variable structure.
 * @param counters two.
 */
record MbusFixed(String id, int access, int status, int medium, List<Counter> counters) {
  private static final int LENGTH = 16;
  private static final int BINARY = 1;
  private static final int DUE_DATE = 2;
  private static final int OWN_BITS = BINARY | DUE_DATE;
  private static final int UNIT_MASK = 0x3F;

  /** By code; those of mode 2 count the same. */
  private static final List<String> MEDIA =
      List.of(
          "other",
          "oil",
          "electricity",
          "gas",
          "heat",
          "steam",
          "warm water",
          "water",
          "heat cost allocator",
          "reserved",
          "gas",
          "heat",
          "warm water",
          "water",
          "heat cost allocator",
          "reserved");

  /** Millilitres, times 10 with each code, to 100 m3; the same per hour after it. */
  private static final int VOLUME_FIRST = 0x26;

  private static final int FLOW_FIRST = 0x2F;
  private static final int FLOW_LAST = 0x37;
  private static final int MILLILITRE = -6;

  /** The second counter is the first one's value of the due date, in its unit. */
  private static final int HISTORIC = 0x3E;

  /**
   * One counter.
   *
   * @param unit code of the physical unit, 00..3F.
   * @param digits as sent, high first.
   */
  record Counter(int unit, String digits, long number) {
    /** In m3, or null where it is no volume. */
    @Nullable BigDecimal volume() {
      return unit >= VOLUME_FIRST && unit < FLOW_FIRST ? scaled(unit - VOLUME_FIRST) : null;
    }

    /** In m3/h, or null where it is no flow. */
    @Nullable BigDecimal flow() {
      return unit >= FLOW_FIRST && unit <= FLOW_LAST ? scaled(unit - FLOW_FIRST) : null;
    }

    private BigDecimal scaled(int code) {
      return BigDecimal.valueOf(number).scaleByPowerOfTen(code + MILLILITRE);
    }
  }

  MbusFixed {
    counters = List.copyOf(counters);
  }

  static Decoded<MbusFixed> of(byte[] frame, MbusFrame link) {
    int at = link.from();
    if (link.to() - at != LENGTH) {
      return Decoded.invalid("fixed data of " + (link.to() - at) + " bytes, expected 16", at);
    }
    int status = frame[at + 5] & 0xFF;
    boolean binary = (status & BINARY) != 0;
    List<Counter> counters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String digits = MbusDecoder.lowFirst(frame, at + 8 + 4 * i, 4);
      if (!binary && !digits.chars().allMatch(Character::isDigit)) {
        return Decoded.invalid("counter " + digits + " is not BCD", at + 8 + 4 * i);
      }
      counters.add(
          new Counter(
              frame[at + 6 + i] & UNIT_MASK, digits, Long.parseLong(digits, binary ? 16 : 10)));
    }
    return Decoded.valid(
        new MbusFixed(
            MbusDecoder.lowFirst(frame, at, 4),
            frame[at + 4] & 0xFF,
            status,
            (frame[at + 6] & 0xC0) >> 6 | (frame[at + 7] & 0xC0) >> 4,
            counters));
  }

  String mediumName() {
    return MEDIA.get(medium);
  }

  /** Status with the bits that mean the same in both structures: power low and errors. */
  int commonStatus() {
    return status & ~OWN_BITS;
  }

  /** Whether the counters are not the present ones but those of the due date. */
  boolean isOfDueDate() {
    return (status & DUE_DATE) != 0;
  }

  static Decoded<String> explain(
      byte[] frame, MbusFrame link, List<Field> fields, Map<String, Object> json) {
    Decoded<MbusFixed> decoded = of(frame, link);
    if (!(decoded instanceof Decoded.Valid<MbusFixed> valid)) {
      Decoded.Invalid<MbusFixed> invalid = (Decoded.Invalid<MbusFixed>) decoded;
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    MbusFixed fixed = valid.value();
    int at = link.from();
    json.put("id", fixed.id);
    json.put("access", (long) fixed.access);
    json.put("status", (long) fixed.status);
    json.put("medium_name", fixed.mediumName());
    fields.add(new Field(at, 4, "id", fixed.id));
    fields.add(new Field(at + 4, 1, "access number", Integer.toString(fixed.access)));
    fields.add(new Field(at + 5, 1, "status", String.format("%02X", fixed.status)));
    for (int i = 0; i < 2; i++) {
      Counter counter = fixed.counters.get(i);
      json.put("counter" + (i + 1), counter.number());
      json.put("unit" + (i + 1), (long) counter.unit());
      fields.add(new Field(at + 6 + i, 1, "unit code", String.format("%02X", counter.unit())));
      fields.add(
          new Field(at + 8 + 4 * i, 4, "counter " + (i + 1), counter.digits() + meaning(counter)));
    }
    return Decoded.valid("fixed data of meter " + fixed.id);
  }

  private static String meaning(Counter counter) {
    BigDecimal volume = counter.volume();
    BigDecimal flow = counter.flow();
    if (volume != null) {
      return ", " + volume.toPlainString() + " m3";
    }
    if (flow != null) {
      return ", " + flow.toPlainString() + " m3/h";
    }
    return counter.unit() == HISTORIC ? ", the first counter at the due date" : "";
  }
}
