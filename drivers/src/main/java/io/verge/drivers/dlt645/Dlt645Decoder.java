package io.verge.drivers.dlt645;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.wire.bcd.Bcd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains DL/T 645 frames of both editions. JSON: {@code drivers/README.md}. */
public final class Dlt645Decoder implements FrameDecoder {
  private static final int READ_ADDRESS = 0x13;
  private static final int EDITION_BIT = 0x10;
  private static final int BROADCAST_TIME = 0x08;

  @Override
  public String protocol() {
    return "dlt645";
  }

  @Override
  public Decoded<Explained> decode(byte[] bytes) {
    Decoded<Dlt645Frame> checked = Dlt645Codec.frame(bytes);
    return checked instanceof Decoded.Invalid<Dlt645Frame> invalid
        ? Decoded.invalid(invalid.reason(), invalid.offset())
        : Decoded.valid(new Explaining(checked.orThrow()).explain());
  }

  private static String functionName(int function) {
    return switch (function) {
      case 0x11, 0x01 -> "read";
      case 0x12, 0x02 -> "read on";
      case READ_ADDRESS -> "read address";
      case 0x14, 0x04 -> "write";
      case 0x15 -> "write address";
      case 0x16 -> "freeze";
      case 0x17 -> "change baud rate";
      case 0x18 -> "change password";
      case 0x19 -> "clear demand";
      case 0x1A -> "clear meter";
      case 0x1B -> "clear events";
      case 0x1C -> "relay";
      case BROADCAST_TIME -> "broadcast time";
      default -> "unknown";
    };
  }

  /** One frame, field by field. */
  private static final class Explaining {
    private final Dlt645Frame frame;
    private final byte[] data;
    private final boolean is1997;
    private final List<Field> fields = new ArrayList<>();
    private final Map<String, Object> json = new LinkedHashMap<>();

    Explaining(Dlt645Frame frame) {
      this.frame = frame;
      this.data = frame.data();
      int function = frame.function();
      this.is1997 = (function & EDITION_BIT) == 0 && function != BROADCAST_TIME;
    }

    Explained explain() {
      int start = frame.start();
      String kind = frame.isRefusal() ? "refusal" : frame.isAnswer() ? "answer" : "request";
      String name = functionName(frame.function());
      field(start, 1, "start", "68");
      field(start + 1, 6, "address", frame.address());
      field(start + 7, 1, "start", "68");
      field(start + 8, 1, "control", String.format("%02X %s, %s", frame.control(), name, kind));
      field(start + 9, 1, "length", Integer.toString(data.length));
      json.put("version", is1997 ? 1997L : 2007L);
      json.put("address", frame.address());
      json.put("c", (long) frame.control());
      json.put("control", name);
      json.put("kind", kind);
      json.put("more", frame.hasMore());
      body();
      field(frame.dataFrom() + data.length, 1, "checksum", "good");
      field(frame.dataFrom() + data.length + 1, 1, "stop", "16");
      return new Explained(
          "DL/T 645-" + (is1997 ? 1997 : 2007) + ", " + kind + " to " + name,
          List.copyOf(fields),
          json);
    }

    private void body() {
      int function = frame.function();
      int diBytes = is1997 ? 2 : 4;
      if (frame.isRefusal() && data.length > 0) {
        int bits = data[0] & 0xFF;
        json.put("error", (long) bits);
        json.put("meaning", Dlt645Codec.error(bits));
        field(frame.dataFrom(), 1, "error", Dlt645Codec.error(bits));
        rest(1);
      } else if (function == READ_ADDRESS && data.length == Dlt645Codec.ADDRESS_BYTES) {
        json.put("meter", Bcd.digits(data, 0, data.length));
        field(frame.dataFrom(), data.length, "meter", Bcd.digits(data, 0, data.length));
      } else if (isIdentified(function) && data.length >= diBytes) {
        identified(diBytes);
      } else {
        rest(0);
      }
    }

    private static boolean isIdentified(int function) {
      return switch (function) {
        case 0x11, 0x12, 0x14, 0x01, 0x02, 0x04 -> true;
        default -> false;
      };
    }

    private void identified(int diBytes) {
      long di = Dlt645Codec.di(data, diBytes);
      String hex = String.format(is1997 ? "%04X" : "%08X", di);
      Dlt645Item item = is1997 ? Dlt645Item.of1997((int) di) : Dlt645Item.of(di);
      json.put("di", hex);
      field(frame.dataFrom(), diBytes, "DI", hex + (item == null ? "" : " " + item.quantity()));
      boolean isFirst = (frame.function() & 0xF) == 1;
      int at = diBytes;
      if (frame.isAnswer() && isFirst && item != null) {
        at = records(item, diBytes);
      }
      rest(at);
    }

    /**
     * @return offset of what is left.
     */
    private int records(Dlt645Item item, int from) {
      List<Object> records = new ArrayList<>();
      int at = from;
      while (at + item.bytes() <= data.length && (records.isEmpty() || item.block())) {
        BigDecimal value = item.value(data, at);
        records.add(record(item, records.size(), value));
        if (value == null) {
          json.put("invalid_bcd", true);
        }
        field(
            frame.dataFrom() + at,
            item.bytes(),
            item.quantity(),
            value == null
                ? Bcd.digits(data, at, at + item.bytes()) + " is no number"
                : (value.toPlainString() + " " + item.unit()).strip());
        at += item.bytes();
      }
      json.put("records", List.copyOf(records));
      return at;
    }

    private static Map<String, Object> record(
        Dlt645Item item, int index, @Nullable BigDecimal value) {
      Map<String, Object> record = new LinkedHashMap<>();
      record.put("quantity", item.quantity());
      record.put("unit", item.unit());
      record.put("phase", (long) item.phaseOf(index));
      record.put("tariff", (long) item.tariffOf(index));
      record.put("storage", (long) item.storage());
      record.put("function", "instantaneous");
      if (value != null) {
        record.put("value", value);
      }
      return record;
    }

    private void rest(int from) {
      if (from < data.length) {
        json.put("data", Hex.plain(Arrays.copyOfRange(data, from, data.length)));
        field(
            frame.dataFrom() + from,
            data.length - from,
            "data",
            Hex.spaced(data, from, data.length));
      }
    }

    private void field(int offset, int length, String name, String meaning) {
      fields.add(new Field(offset, length, name, meaning));
    }
  }
}
