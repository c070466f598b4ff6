package io.verge.drivers.mbus;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder.Field;
import io.verge.drivers.wire.mbus.MbusFrame;
import java.util.List;
import java.util.Map;

/**
 * The fixed data structure (CI 73) of old meters: ID (4), access number, status, units (2), two
 * counters of 4 bytes, low first; BCD, or binary with status bit 0. The units' codes are printed,
 * not applied. Source: M-Bus documentation rev. 4.8, section 6.2.
 */
final class MbusFixed {
  private static final int LENGTH = 16;

  private MbusFixed() {}

  static Decoded<String> explain(
      byte[] frame, MbusFrame link, List<Field> fields, Map<String, Object> json) {
    int at = link.from();
    if (link.to() - at != LENGTH) {
      return Decoded.invalid("fixed data of " + (link.to() - at) + " bytes, expected 16", at);
    }
    String id = MbusDecoder.lowFirst(frame, at, 4);
    int status = frame[at + 5] & 0xFF;
    json.put("id", id);
    json.put("access", (long) (frame[at + 4] & 0xFF));
    json.put("status", (long) status);
    fields.add(new Field(at, 4, "id", id));
    fields.add(new Field(at + 4, 1, "access number", Integer.toString(frame[at + 4] & 0xFF)));
    fields.add(new Field(at + 5, 1, "status", String.format("%02X", status)));
    for (int i = 0; i < 2; i++) {
      String digits = MbusDecoder.lowFirst(frame, at + 8 + 4 * i, 4);
      boolean binary = (status & 1) != 0;
      if (!binary && !digits.chars().allMatch(Character::isDigit)) {
        return Decoded.invalid("counter " + digits + " is not BCD", at + 8 + 4 * i);
      }
      json.put("counter" + (i + 1), Long.parseLong(digits, binary ? 16 : 10));
      json.put("unit" + (i + 1), (long) (frame[at + 6 + i] & 0x3F));
      fields.add(
          new Field(at + 6 + i, 1, "unit code", String.format("%02X", frame[at + 6 + i] & 0x3F)));
      fields.add(new Field(at + 8 + 4 * i, 4, "counter " + (i + 1), digits));
    }
    return Decoded.valid("fixed data of meter " + id);
  }
}
