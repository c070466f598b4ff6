package io.verge.drivers.cjt188;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.cjt188.Cjt188Reading.Amount;
import io.verge.drivers.wire.bcd.Bcd;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains CJ/T 188 frames. JSON: {@code drivers/README.md}. */
public final class Cjt188Decoder implements FrameDecoder {
  private static final int DI_BYTES = 2;
  private static final int CONTROL_MASK = 0x3F;
  private static final int SET_ADDRESS = 0xA018;

  @Override
  public String protocol() {
    return "cjt188";
  }

  @Override
  public Decoded<Explained> decode(byte[] bytes) {
    if (!(Cjt188Codec.frame(bytes) instanceof Decoded.Valid<Cjt188Frame> valid)) {
      Decoded.Invalid<Cjt188Frame> invalid =
          (Decoded.Invalid<Cjt188Frame>) Cjt188Codec.frame(bytes);
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    return Decoded.valid(new Explaining(valid.value()).explain());
  }

  private static String written(LocalDateTime time) {
    return String.format(Locale.ROOT, "%tF %<tT", time);
  }

  private static String typeName(int type) {
    return switch (type) {
      case 0x10 -> "cold water";
      case 0x11 -> "hot water";
      case 0x12 -> "drinking water";
      case 0x13 -> "grey water";
      case 0x20, 0x21, 0x22 -> "heat";
      case 0x30 -> "gas";
      case 0x40 -> "custom";
      case 0xAA -> "any";
      default -> "unknown";
    };
  }

  private static String controlName(int control) {
    return switch (control & CONTROL_MASK) {
      case 0x01 -> "read";
      case 0x03 -> "read address";
      case 0x04 -> "write";
      case 0x09 -> "read key version";
      case 0x15 -> "write address";
      case 0x16 -> "set base";
      default -> (control & 0x20) != 0 ? "maker's own" : "unknown";
    };
  }

  /** One frame, field by field. */
  private static final class Explaining {
    private final Cjt188Frame frame;
    private final byte[] data;
    private final List<Field> fields = new ArrayList<>();
    private final Map<String, Object> json = new LinkedHashMap<>();

    Explaining(Cjt188Frame frame) {
      this.frame = frame;
      this.data = frame.data();
    }

    Explained explain() {
      int start = frame.start();
      int control = frame.control();
      String kind = (control & 0x80) == 0 ? "request" : frame.isRefusal() ? "refusal" : "answer";
      field(start, 1, "start", "68");
      field(start + 1, 1, "type", String.format("%02X %s", frame.type(), typeName(frame.type())));
      field(start + 2, 7, "address", frame.address());
      field(
          start + 9,
          1,
          "control",
          String.format("%02X %s, %s", control, controlName(control), kind));
      field(start + 10, 1, "length", Integer.toString(data.length));
      json.put("type", (long) frame.type());
      json.put("type_name", typeName(frame.type()));
      json.put("address", frame.address());
      json.put("meter", frame.address().substring(4));
      json.put("vendor", frame.address().substring(0, 4));
      json.put("c", (long) control);
      json.put("control", controlName(control));
      json.put("kind", kind);
      if (frame.isRefusal()) {
        refusal();
      } else if (data.length > DI_BYTES) {
        identified(kind.equals("answer"));
      } else if (data.length > 0) {
        rest(0);
      }
      field(frame.dataTo(), 1, "checksum", "good");
      field(frame.dataTo() + 1, 1, "stop", "16");
      return new Explained(
          "CJ/T 188, " + kind + " to " + controlName(control), List.copyOf(fields), json);
    }

    private void refusal() {
      if (data.length > 0) {
        json.put("ser", (long) (data[0] & 0xFF));
        field(frame.dataFrom(), 1, "SER", Integer.toString(data[0] & 0xFF));
      }
      if (data.length == 3) {
        status(new Cjt188Status(data[1] & 0xFF, data[2] & 0xFF), 1, 2);
      } else if (data.length > 1) {
        rest(1);
      }
    }

    private void identified(boolean answer) {
      Cjt188Di di = Cjt188Di.of(data[0], data[1]);
      String hex = String.format("%04X", di.di());
      field(frame.dataFrom(), 2, "DI", hex + " " + di.name());
      field(frame.dataFrom() + 2, 1, "SER", Integer.toString(data[2] & 0xFF));
      json.put("di", hex);
      json.put("di_order", di.order());
      json.put("ser", (long) (data[2] & 0xFF));
      if (answer && di.di() == Cjt188Codec.DI_METER && frame.type() < 0x20) {
        metering();
      } else if (di.di() == Cjt188Codec.DI_VALVE) {
        valve(answer);
      } else if (di.di() == SET_ADDRESS && data.length == 3 + Cjt188Codec.ADDRESS_BYTES) {
        String address = Bcd.digits(data, 3, data.length);
        json.put("new_address", address);
        field(frame.dataFrom() + 3, Cjt188Codec.ADDRESS_BYTES, "new address", address);
      } else {
        rest(3);
      }
    }

    private void valve(boolean answer) {
      if (answer && data.length == 5) {
        status(new Cjt188Status(data[3] & 0xFF, data[4] & 0xFF), 3, 2);
      } else if (!answer && data.length == 4) {
        int what = data[3] & 0xFF;
        String word =
            what == Cjt188Codec.VALVE_OPEN
                ? "open"
                : what == Cjt188Codec.VALVE_CLOSE ? "close" : "unknown";
        json.put("op", word);
        field(frame.dataFrom() + 3, 1, "valve", String.format("%02X %s", what, word));
      } else {
        rest(3);
      }
    }

    private void metering() {
      Decoded<Cjt188Reading> decoded = Cjt188Reading.of(data);
      if (!(decoded instanceof Decoded.Valid<Cjt188Reading> valid)) {
        Decoded.Invalid<Cjt188Reading> invalid = (Decoded.Invalid<Cjt188Reading>) decoded;
        json.put("invalid", invalid.reason());
        field(frame.dataFrom() + 3, data.length - 3, "not a value", invalid.reason());
        rest(3);
        return;
      }
      Cjt188Reading reading = valid.value();
      List<Object> records = new ArrayList<>();
      records.add(record(reading.total(), 3, 0));
      if (reading.clock() >= 0) {
        records.add(record(reading.settled(), 8, 1));
        clock(reading.clock());
      }
      json.put("records", records);
      Cjt188Status status = reading.status();
      if (status != null) {
        int at = reading.clock() < 0 ? 8 : reading.clock() + Cjt188Reading.CLOCK_BYTES;
        status(status, at, data.length - at);
      }
      if (reading.rest() < data.length) {
        rest(reading.rest());
      }
    }

    private Map<String, Object> record(@Nullable Amount amount, int at, int storage) {
      Map<String, Object> record = new LinkedHashMap<>();
      String quantity = amount == null ? "volume" : amount.unit().quantity();
      record.put("quantity", quantity);
      record.put("storage", (long) storage);
      record.put("tariff", 0L);
      record.put("function", "instantaneous");
      if (amount != null) {
        record.put("value", amount.value());
        record.put("unit", amount.unit().name());
      }
      field(
          frame.dataFrom() + at,
          5,
          storage == 0 ? "total" : "total of the settlement day",
          amount == null ? "none" : amount.value().toPlainString() + " " + amount.unit().name());
      return record;
    }

    private void clock(int at) {
      boolean none = Bcd.isAll(data, at, at + Cjt188Reading.CLOCK_BYTES, 0);
      LocalDateTime time = none ? null : Cjt188Clock.of(data, at);
      String digits = Bcd.digits(data, at, at + Cjt188Reading.CLOCK_BYTES);
      if (time != null) {
        json.put("time", written(time));
      }
      json.put("time_invalid", time == null && !none);
      field(
          frame.dataFrom() + at,
          Cjt188Reading.CLOCK_BYTES,
          "clock",
          time != null ? written(time) : none ? "none" : digits + " is no time");
    }

    private void status(Cjt188Status status, int at, int length) {
      String hex =
          length == 1
              ? String.format("%02X", status.first())
              : String.format("%02X%02X", status.first(), status.second());
      String valve = Cjt188Status.word(status.valve(false));
      json.put("status", hex);
      json.put("valve", valve);
      json.put("battery_low", status.batteryLow(false));
      field(
          frame.dataFrom() + at,
          length,
          "status",
          hex + ": valve " + valve + ", battery " + (status.batteryLow(false) ? "low" : "good"));
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
