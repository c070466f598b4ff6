package io.verge.drivers.mbus;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.wire.mbus.MbusCodec;
import io.verge.drivers.wire.mbus.MbusFrame;
import io.verge.drivers.wire.mbus.MbusNames;
import io.verge.drivers.wire.mbus.MbusRecord;
import io.verge.drivers.wire.mbus.MbusRecords;
import io.verge.drivers.wire.mbus.MbusTelegram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Explains M-Bus frames down to each record. */
public final class MbusDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "mbus";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    Decoded<MbusFrame> checked = MbusCodec.frame(frame);
    if (!(checked instanceof Decoded.Valid<MbusFrame> valid)) {
      Decoded.Invalid<MbusFrame> invalid = (Decoded.Invalid<MbusFrame>) checked;
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    MbusFrame link = valid.value();
    String kind = link.kind().name().toLowerCase(Locale.ROOT);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("frame", kind);
    List<Field> fields = new ArrayList<>();
    if (link.kind() == MbusFrame.Kind.ACK) {
      fields.add(new Field(0, 1, "ack", "E5"));
      return Decoded.valid(new Explained("M-Bus, ack", List.copyOf(fields), json));
    }
    int at = link.kind() == MbusFrame.Kind.SHORT ? 1 : 4;
    json.put("c", (long) link.control());
    json.put("a", (long) link.address());
    fields.add(new Field(at, 1, "C", control(link.control())));
    fields.add(new Field(at + 1, 1, "A", Integer.toString(link.address())));
    String title = "M-Bus, " + kind;
    if (link.kind() != MbusFrame.Kind.SHORT) {
      json.put("ci", (long) link.ci());
      fields.add(new Field(at + 2, 1, "CI", String.format("%02X %s", link.ci(), ci(link.ci()))));
      Decoded<String> body = body(frame, link, fields, json);
      if (body instanceof Decoded.Invalid<String> invalid) {
        return Decoded.invalid(invalid.reason(), invalid.offset());
      }
      title = "M-Bus, " + body.orThrow();
    }
    fields.add(new Field(link.to(), 1, "checksum", "good"));
    return Decoded.valid(new Explained(title, List.copyOf(fields), json));
  }

  private static Decoded<String> body(
      byte[] frame, MbusFrame link, List<Field> fields, Map<String, Object> json) {
    int length = link.to() - link.from();
    if (MbusRecords.isTelegram(link)) {
      Decoded<MbusTelegram> decoded = MbusRecords.telegram(frame, link);
      if (!(decoded instanceof Decoded.Valid<MbusTelegram> valid)) {
        Decoded.Invalid<MbusTelegram> invalid = (Decoded.Invalid<MbusTelegram>) decoded;
        return Decoded.invalid(invalid.reason(), invalid.offset());
      }
      telegram(link, valid.value(), fields, json);
      return Decoded.valid(("answer of meter " + valid.value().header().id()).strip());
    }
    if (link.ci() == MbusCodec.CI_FIXED) {
      return MbusFixed.explain(frame, link, fields, json);
    }
    if (link.ci() == MbusCodec.CI_ERROR) {
      long code = length == 0 ? 0 : frame[link.from()] & 0xFF;
      String meaning = length == 0 ? "unspecified error" : MbusNames.error((int) code);
      json.put("error", code);
      json.put("meaning", meaning);
      fields.add(new Field(link.from(), length, "error", meaning));
      return Decoded.valid("application error");
    }
    if (link.ci() == MbusCodec.CI_SELECT && length >= 8) {
      json.put("id", lowFirst(frame, link.from(), 4));
      fields.add(new Field(link.from(), 4, "id", lowFirst(frame, link.from(), 4)));
      fields.add(
          new Field(
              link.from() + 4,
              length - 4,
              "manufacturer, version, medium",
              Hex.spaced(frame, link.from() + 4, link.to())));
      return Decoded.valid("selection by secondary address");
    }
    if (length > 0) {
      String data = Hex.spaced(frame, link.from(), link.to());
      json.put("data", data.replace(" ", ""));
      fields.add(new Field(link.from(), length, "data", data));
    }
    return Decoded.valid(ci(link.ci()));
  }

  private static void telegram(
      MbusFrame link, MbusTelegram telegram, List<Field> fields, Map<String, Object> json) {
    int at = header(link, telegram.header(), fields, json);
    json.put("encrypted", telegram.encrypted());
    json.put("more", telegram.more());
    if (telegram.encrypted()) {
      fields.add(new Field(at, link.to() - at, "records", "encrypted, not explained"));
    }
    List<Object> records = new ArrayList<>();
    for (MbusRecord one : telegram.records()) {
      records.add(record(one));
      fields.add(new Field(one.offset(), one.length(), one.meaning().quantity(), text(one)));
    }
    json.put("records", List.copyOf(records));
  }

  /**
   * @return offset of the first record.
   */
  private static int header(
      MbusFrame link, MbusTelegram.Header header, List<Field> fields, Map<String, Object> json) {
    int at = link.from();
    if (link.ci() == MbusCodec.CI_NO_HEADER) {
      return at;
    }
    if (link.ci() == MbusCodec.CI_VARIABLE) {
      json.put("id", header.id());
      json.put("manufacturer", header.manufacturer());
      json.put("version", (long) header.version());
      json.put("medium", (long) header.medium());
      json.put("medium_name", MbusNames.medium(header.medium()));
      fields.add(new Field(at, 4, "id", header.id()));
      fields.add(new Field(at + 4, 2, "manufacturer", header.manufacturer()));
      fields.add(new Field(at + 6, 1, "version", Integer.toString(header.version())));
      fields.add(new Field(at + 7, 1, "medium", MbusNames.medium(header.medium())));
      at += 8;
    }
    json.put("access", (long) header.access());
    json.put("status", (long) header.status());
    json.put("signature", (long) header.signature());
    fields.add(new Field(at, 1, "access number", Integer.toString(header.access())));
    fields.add(new Field(at + 1, 1, "status", MbusNames.status(header.status())));
    fields.add(new Field(at + 2, 2, "signature", String.format("%04X", header.signature())));
    return at + 4;
  }

  private static Map<String, Object> record(MbusRecord one) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("function", one.function().word());
    json.put("storage", one.storage());
    json.put("tariff", one.tariff());
    json.put("subunit", one.subunit());
    json.put("quantity", one.meaning().quantity());
    json.put("qualified", one.meaning().qualified());
    json.put("unit", one.meaning().unit());
    json.put("value", one.number() == null ? one.text() : one.number());
    return json;
  }

  private static String text(MbusRecord one) {
    StringBuilder text =
        new StringBuilder(one.number() == null ? one.text() : one.number().toPlainString());
    if (!one.meaning().unit().isEmpty()) {
      text.append(' ').append(one.meaning().unit());
    }
    if (!one.isPresent() && one.function() != MbusRecord.Function.VENDOR) {
      text.append("  (")
          .append(one.function().word())
          .append(", storage ")
          .append(one.storage())
          .append(", tariff ")
          .append(one.tariff())
          .append(", subunit ")
          .append(one.subunit())
          .append(')');
    }
    return text.toString();
  }

  static String lowFirst(byte[] frame, int from, int length) {
    StringBuilder digits = new StringBuilder();
    for (int i = from + length - 1; i >= from; i--) {
      digits.append(String.format("%02X", frame[i]));
    }
    return digits.toString();
  }

  private static String control(int control) {
    String name =
        switch (control) {
          case 0x40 -> "SND_NKE";
          case 0x53, 0x73 -> "SND_UD";
          case 0x5B, 0x7B -> "REQ_UD2";
          case 0x5A, 0x7A -> "REQ_UD1";
          default -> (control & MbusCodec.RSP_UD_MASK) == MbusCodec.RSP_UD ? "RSP_UD" : "unknown";
        };
    return String.format("%02X %s", control, name);
  }

  private static String ci(int ci) {
    return switch (ci) {
      case 0x50 -> "application reset";
      case 0x51 -> "data to the meter";
      case 0x52 -> "selection";
      case 0x70 -> "application error";
      case 0x72 -> "variable data";
      case 0x73 -> "fixed data";
      case 0x78 -> "records";
      case 0x7A -> "short header, records";
      case 0x76 -> "variable data, high byte first";
      case 0xB8, 0xB9, 0xBA, 0xBB, 0xBC, 0xBD -> "set to " + (300 << ci - 0xB8) + " baud";
      default -> "not explained";
    };
  }
}
