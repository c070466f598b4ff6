package io.verge.drivers.wire.dali;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder.Explained;
import io.verge.driver.FrameDecoder.Field;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Explains frames of the DALI bus and of its masters. What a frame is shows in its first byte and
 * its length: 59 LUBA, 01 Foxtron, a letter the ATX LED hat, 5 bytes with their XOR an SCI; 1, 2
 * and 3 bytes are frames of the DALI bus itself; 5 and 7 bytes with a scale, and 4 bytes, are
 * values of a memory bank.
 */
public final class DaliExplainer {
  private static final int FOXTRON_START = 0x01;
  private static final int FOXTRON_END = 0x17;
  private static final int FOXTRON_MOST = 30;

  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Object> json = new LinkedHashMap<>();

  private DaliExplainer() {}

  public static Decoded<Explained> explain(byte[] frame) {
    DaliExplainer one = new DaliExplainer();
    Decoded<String> title = one.title(frame);
    return title instanceof Decoded.Valid<String> valid
        ? Decoded.valid(new Explained("DALI, " + valid.value(), List.copyOf(one.fields), one.json))
        : Decoded.invalid(
            ((Decoded.Invalid<String>) title).reason(), ((Decoded.Invalid<String>) title).offset());
  }

  private Decoded<String> title(byte[] frame) {
    if (frame.length > 1 && frame[0] == LubaMaster.START && frame.length > 3) {
      return luba(frame);
    }
    if (frame.length > 3 && frame[0] == FOXTRON_START && frame[frame.length - 1] == FOXTRON_END) {
      return foxtron(frame);
    }
    if (frame.length > 0 && AtxMaster.check(frame) instanceof Decoded.Valid<String> line) {
      // Three letters of ASCII are no likely frame of 24 bit, and one is none of 8.
      return frame.length == 1 ? backward(frame) : atx(line.value());
    }
    return switch (frame.length) {
      case 0 -> Decoded.invalid("no bytes", 0);
      case 1 -> backward(frame);
      case 2 -> Decoded.valid(forward((frame[0] & 0xFF) << 8 | frame[1] & 0xFF, 0, 2));
      case 3 -> Decoded.valid(forward24(frame, 0, 3));
      case SciMaster.LENGTH ->
          SciMaster.check(frame) instanceof Decoded.Invalid<byte[]> invalid
              ? isScale(frame[0])
                  ? memory(frame)
                  : Decoded.invalid(invalid.reason(), invalid.offset())
              : Decoded.valid(sci(frame));
      case 4, 7 -> memory(frame);
      default -> Decoded.invalid("no DALI frame has " + frame.length + " bytes", 0);
    };
  }

  private static boolean isScale(byte first) {
    return Math.abs(first) <= 6;
  }

  private Decoded<String> backward(byte[] frame) {
    answer(frame[0] & 0xFF, 0, 1);
    return Decoded.valid("backward frame");
  }

  private void answer(int value, int offset, int length) {
    json.put("frame", "backward");
    json.put("value", (long) value);
    json.put("yes", value == 0xFF);
    if (value != Dali.MASK) {
      json.put("percent", percent(value));
    }
    json.put("status", DaliNames.status(value));
    fields.add(
        new Field(
            offset,
            length,
            "answer",
            value
                + (value == Dali.MASK
                    ? "  (yes; as a level MASK)"
                    : "  (as a level " + percent(value) + " %)")));
    fields.add(
        new Field(offset, length, "as a status", String.join(", ", DaliNames.status(value))));
  }

  private static BigDecimal percent(int level) {
    return BigDecimal.valueOf(DaliCurve.LOGARITHMIC.light(level), 3);
  }

  private String forward(int frame, int offset, int length) {
    String target = DaliNames.target(frame);
    String command = DaliNames.command(frame);
    int value = frame & 0xFF;
    json.put("frame", "forward");
    json.put("bits", 16L);
    json.put("dali_frame", String.format("%04X", frame));
    json.put("command", command);
    if (!target.isEmpty()) {
      json.put("target", target);
      fields.add(new Field(offset, 1, "target", target));
    }
    String text = command;
    if (command.equals("DAPC")) {
      json.put("level", (long) value);
      if (value != Dali.MASK) {
        json.put("percent", percent(value));
      }
      text +=
          value == Dali.MASK ? " MASK: stop fading" : " " + value + ", " + percent(value) + " %";
    } else if (target.isEmpty()) {
      json.put("value", (long) value);
      text += " " + value;
    }
    json.put("query", Dali.isQuery(frame));
    json.put("twice", Dali.isTwice(frame));
    fields.add(new Field(offset, length, "command", text));
    return "forward frame, " + command + (target.isEmpty() ? "" : " to " + target);
  }

  private String forward24(byte[] bytes, int offset, int length) {
    int first = bytes[offset] & 0xFF;
    json.put("frame", "forward");
    json.put("bits", 24L);
    json.put("dali_frame", Hex.plain(java.util.Arrays.copyOfRange(bytes, offset, offset + 3)));
    json.put("instance", (long) (bytes[offset + 1] & 0xFF));
    json.put("opcode", (long) (bytes[offset + 2] & 0xFF));
    String target = first < 0x80 && (first & 1) != 0 ? "device " + (first >> 1) : "";
    if (!target.isEmpty()) {
      json.put("target", target);
    }
    fields.add(
        new Field(
            offset,
            length,
            "24 bit",
            "to a control device" + (target.isEmpty() ? "" : ", " + target)));
    return "forward frame of 24 bit";
  }

  private String sci(byte[] frame) {
    int kind = frame[0] & 0x0F;
    json.put("master", "sci");
    json.put("kind", (long) kind);
    boolean fromMaster = kind == SciMaster.SENT || kind == SciMaster.NO || kind == SciMaster.ERROR;
    fields.add(new Field(0, 1, fromMaster ? "status" : "control", String.format("%02X", frame[0])));
    String what =
        switch (kind) {
          case SciMaster.SENT -> "sent";
          case SciMaster.NO -> "no answer";
          case SciMaster.BITS_8 -> {
            answer(frame[3] & 0xFF, 3, 1);
            yield "backward frame";
          }
          case SciMaster.BITS_16 -> {
            // The frame stands left to the master and right from it.
            int at = frame[1] == 0 && frame[3] != 0 ? 2 : 1;
            yield forward((frame[at] & 0xFF) << 8 | frame[at + 1] & 0xFF, at, 2);
          }
          case SciMaster.BITS_24 -> forward24(frame, 1, 3);
          case SciMaster.ERROR -> {
            json.put("error", (long) (frame[3] & 0xFF));
            yield SciMaster.error(frame[3] & 0xFF);
          }
          default -> "kind " + kind;
        };
    fields.add(new Field(4, 1, "checksum", "good"));
    return "SCI, " + what;
  }

  private Decoded<String> luba(byte[] frame) {
    if (LubaMaster.check(frame) instanceof Decoded.Invalid<byte[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    int command = frame[1] & 0xFF;
    int payload = frame[2] & 0xFF;
    json.put("master", "luba");
    json.put("luba_command", (long) command);
    fields.add(new Field(1, 1, "command", String.format("%02X", command)));
    String what;
    if (command == LubaMaster.SEND && payload == 7) {
      what = "send, " + carried(frame, 6, frame[4] & 0xFF);
    } else if (command == LubaMaster.TAKEN) {
      json.put(payload == 1 ? "error" : "number", (long) (frame[3] & 0xFF));
      what = payload == 1 ? "refused" : "taken";
    } else if (command == LubaMaster.EVENT && payload >= 4) {
      int status = frame[6] & 0xFF;
      int kind = status >> 6;
      int bits = status & 0x3F;
      json.put("event", (long) kind);
      json.put("tick", (long) ((frame[3] & 0xFF) << 8 | frame[4] & 0xFF));
      int at = kind == LubaMaster.KIND_SENT ? 8 : 7;
      int length = frame.length - 1 - at;
      what =
          kind == LubaMaster.KIND_RECEIVED && bits >= LubaMaster.BITS_DAMAGED
              ? "damaged frame received"
              : (kind == LubaMaster.KIND_SENT
                      ? "sent, "
                      : kind == LubaMaster.KIND_RECEIVED ? "received, " : "event, ")
                  + (length > 0 && length <= 3 ? carried(frame, at, length * 8) : "no frame");
    } else {
      what = String.format("command %02X", command);
      fields.add(new Field(3, payload, "payload", Hex.spaced(frame, 3, 3 + payload)));
    }
    fields.add(new Field(frame.length - 1, 1, "checksum", "good"));
    return Decoded.valid("LUBA, " + what);
  }

  private String carried(byte[] frame, int at, int bits) {
    return switch (bits) {
      case 8 -> {
        answer(frame[at] & 0xFF, at, 1);
        yield "backward frame";
      }
      case 16 -> forward((frame[at] & 0xFF) << 8 | frame[at + 1] & 0xFF, at, 2);
      case 24 -> forward24(frame, at, 3);
      default -> "frame of " + bits + " bit";
    };
  }

  private Decoded<String> atx(String line) {
    json.put("master", "atx");
    byte[] bytes = bytes(line.substring(1));
    String what =
        switch (line.charAt(0)) {
          case 'h', 't', 'H' -> forward((bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF, 1, 4);
          case 'l', 'L' -> forward24(bytes, 0, 3);
          case 'N' -> "no answer";
          case 'X', 'Z' -> "collision";
          default -> {
            answer(bytes[0] & 0xFF, 1, 2);
            yield "backward frame";
          }
        };
    json.put("line", line);
    return Decoded.valid("ATX LED hat, " + what);
  }

  /** SOH, digits of hex, ETB; the last byte is the complement of the sum of the others. */
  private Decoded<String> foxtron(byte[] frame) {
    String digits = new String(frame, 1, frame.length - 2, StandardCharsets.US_ASCII);
    if (digits.length() > FOXTRON_MOST
        || digits.length() < 6
        || !digits.matches("(?:[0-9A-Fa-f]{2})*")) {
      return Decoded.invalid("Foxtron frame of '" + digits.length() + "' characters of hex", 1);
    }
    byte[] data = bytes(digits);
    int sum = 0;
    for (int i = 0; i < data.length - 1; i++) {
      sum += data[i];
    }
    int expected = ~sum & 0xFF;
    int found = data[data.length - 1] & 0xFF;
    if (found != expected) {
      return Decoded.invalid(
          String.format(Locale.ROOT, "checksum %02X, expected %02X", found, expected),
          frame.length - 3);
    }
    json.put("master", "foxtron");
    json.put("checksum", String.format("%02X", found));
    int bits = data.length < 4 ? 0 : data[2] & 0xFF;
    boolean carries = bits % 8 == 0 && bits >= 8 && bits <= 24 && data.length == 4 + bits / 8;
    String what = carries ? carried(data, 3, bits) : "message " + data[0];
    fields.clear();
    fields.add(new Field(1, digits.length(), "message", what));
    return Decoded.valid("Foxtron, " + what);
  }

  private static byte[] bytes(String digits) {
    return Hex.parse(digits).orThrow();
  }

  private Decoded<String> memory(byte[] bytes) {
    DaliMemory.Form form = bytes.length == 4 ? DaliMemory.Form.NUMBER : DaliMemory.Form.SCALED;
    DaliMemory.Value value = DaliMemory.value(bytes, form, 0);
    json.put("frame", "memory");
    String state = value.state().name().toLowerCase(Locale.ROOT);
    json.put("state", state);
    json.put(
        "value", value.number() == null ? state : java.util.Objects.requireNonNull(value.number()));
    if (value.number() == null) {
      json.put(state, true);
    }
    fields.add(
        new Field(
            0,
            bytes.length,
            form == DaliMemory.Form.SCALED ? "scaled value" : "value",
            value.number() == null ? state : value.number().toPlainString()));
    return Decoded.valid("value of a memory bank");
  }
}
