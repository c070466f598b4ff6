package io.verge.drivers.wire.mbus;

import io.verge.bytes.ByteReader;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a telegram's header and records.
 *
 * <pre>
 * header  ID (4, BCD, low first) manufacturer (2) version medium access status signature (2)
 * record  DIF DIFE* VIF (text)? VIFE* data
 * DIF     bits 0-3 type of data, 4-5 function, 6 storage, 7 a DIFE follows
 * DIFE    bits 0-3 storage, 4-5 tariff, 6 subunit, 7 another follows; at most 10
 * </pre>
 */
public final class MbusRecords {
  private static final int EXTENSIONS_MAX = 10;
  private static final int FILLER = 0x2F;
  private static final int VENDOR = 0x0F;
  private static final int VENDOR_AND_MORE = 0x1F;

  private final byte[] frame;
  private final ByteReader in;
  private final List<MbusRecord> records = new ArrayList<>();
  private boolean more;

  private MbusRecords(byte[] frame, int from, int to) {
    this.frame = frame;
    this.in = new ByteReader(frame, from, to);
  }

  /**
   * @param link the checked frame that {@code frame}'s bytes are, for which {@link #isTelegram}.
   */
  public static Decoded<MbusTelegram> telegram(byte[] frame, MbusFrame link) {
    MbusRecords reader = new MbusRecords(frame, link.from(), link.to());
    MbusTelegram.Header header = reader.header(link.ci());
    if (!reader.in.isOk()) {
      return reader.in.invalid();
    }
    boolean encrypted = isEncrypted(header.signature()) && !reader.startsDecrypted();
    if (!encrypted) {
      while (reader.in.isOk() && !reader.in.isAtEnd()) {
        reader.record();
      }
      if (!reader.in.isOk()) {
        return reader.in.invalid();
      }
    }
    return Decoded.valid(new MbusTelegram(header, reader.records, reader.more, encrypted));
  }

  /** Modes 4, 5 and 7 encrypt; older meters put other things into these two bytes. */
  private static boolean isEncrypted(int signature) {
    int mode = signature >>> 8 & 0x1F;
    return mode == 4 || mode == 5 || mode == 7;
  }

  private boolean startsDecrypted() {
    int at = in.offset();
    return at + 1 < frame.length && frame[at] == FILLER && frame[at + 1] == FILLER;
  }

  /** Whether a frame holds records this class reads. */
  public static boolean isTelegram(MbusFrame link) {
    return link.ci() == MbusCodec.CI_VARIABLE
        || link.ci() == MbusCodec.CI_SHORT_HEADER
        || link.ci() == MbusCodec.CI_NO_HEADER;
  }

  private MbusTelegram.Header header(int ci) {
    if (ci == MbusCodec.CI_NO_HEADER) {
      return new MbusTelegram.Header("", "", 0, 0, 0, 0, 0);
    }
    if (ci == MbusCodec.CI_SHORT_HEADER) {
      return new MbusTelegram.Header("", "", 0, 0, in.u8(), in.u8(), in.u8() | in.u8() << 8);
    }
    byte[] id = take(4);
    int code = in.u8() | in.u8() << 8;
    return new MbusTelegram.Header(
        Hex.plain(reversed(id)),
        new String(
            new char[] {
              (char) (64 + (code >>> 10 & 31)),
              (char) (64 + (code >>> 5 & 31)),
              (char) (64 + (code & 31))
            }),
        in.u8(),
        in.u8(),
        in.u8(),
        in.u8(),
        in.u8() | in.u8() << 8);
  }

  private void record() {
    int start = in.offset();
    int dif = in.u8();
    if (dif == FILLER) {
      return;
    }
    if (dif == VENDOR || dif == VENDOR_AND_MORE) {
      more = dif == VENDOR_AND_MORE;
      vendorData(start);
      return;
    }
    if ((dif & 0x0F) == 0x0F) {
      in.fail(String.format("DIF %02X is reserved", dif));
      return;
    }
    long storage = dif >>> 6 & 1;
    long tariff = 0;
    long subunit = 0;
    int last = dif;
    for (int i = 0; last >= 0x80 && in.isOk(); i++) {
      if (i == EXTENSIONS_MAX) {
        in.fail("more than 10 DIFE");
        return;
      }
      last = in.u8();
      storage |= (last & 15L) << 1 + 4 * i;
      tariff |= (last >>> 4 & 3L) << 2 * i;
      subunit |= (last >>> 6 & 1L) << i;
    }
    MbusMeaning meaning = meaning();
    Value value = value(dif & 0x0F, meaning);
    if (in.isOk()) {
      records.add(
          new MbusRecord(
              start,
              in.offset() - start,
              MbusRecord.Function.values()[dif >>> 4 & 3],
              storage,
              tariff,
              subunit,
              meaning,
              value.number(),
              value.text()));
    }
  }

  private void vendorData(int start) {
    while (!in.isAtEnd()) {
      in.u8();
    }
    records.add(
        new MbusRecord(
            start,
            in.offset() - start,
            MbusRecord.Function.VENDOR,
            0,
            0,
            0,
            MbusMeaning.number("vendor data", "", 0),
            null,
            Hex.spaced(frame, start + 1, in.offset())));
  }

  private MbusMeaning meaning() {
    int vif = in.u8();
    int code = vif & 0x7F;
    MbusMeaning meaning;
    int extensions = 0;
    boolean further = vif >= 0x80;
    if (code == 0x7C) {
      meaning = MbusMeaning.number(text(in.u8()), "", 0);
    } else if (vif == 0xFD || vif == 0xFB) {
      int vife = in.u8();
      extensions = 1;
      further = vife >= 0x80;
      meaning = vif == 0xFD ? MbusVif.afterFd(vife & 0x7F) : MbusVif.afterFb(vife & 0x7F);
    } else {
      meaning = MbusVif.primary(code);
    }
    boolean vendors = code == 0x7F;
    while (further && in.isOk()) {
      if (extensions++ == EXTENSIONS_MAX) {
        in.fail("more than 10 VIFE");
        return meaning;
      }
      int vife = in.u8();
      further = vife >= 0x80;
      meaning = vendors ? meaning.asQualified() : MbusVif.extended(meaning, vife & 0x7F);
      // After this one the extensions are the vendor's, and mean what the vendor says.
      vendors |= (vife & 0x7F) == 0x7F;
    }
    return meaning;
  }

  private record Value(@Nullable BigDecimal number, String text) {}

  private static final Value NOTHING = new Value(null, "");

  private Value value(int type, MbusMeaning meaning) {
    return switch (type) {
      case 0, 8 -> NOTHING;
      case 1, 2, 3, 4 -> integer(take(type), meaning);
      case 5 -> real(take(4), meaning);
      case 6 -> integer(take(6), meaning);
      case 7 -> integer(take(8), meaning);
      case 9, 10, 11, 12 -> bcd(take(type - 8), meaning);
      case 14 -> bcd(take(6), meaning);
      default -> variable(in.u8(), meaning);
    };
  }

  private static Value integer(byte[] data, MbusMeaning meaning) {
    if (meaning.form() == MbusMeaning.Form.DATE && data.length == 2) {
      return new Value(null, MbusTimes.date(data, 0));
    }
    if (meaning.form() == MbusMeaning.Form.DATE_TIME && data.length == 4) {
      return new Value(null, MbusTimes.minutes(data));
    }
    if (meaning.form() == MbusMeaning.Form.DATE_TIME && data.length == 6) {
      return new Value(null, MbusTimes.seconds(data));
    }
    long number = data.length == 0 ? 0 : data[data.length - 1];
    for (int i = data.length - 2; i >= 0; i--) {
      number = number << 8 | data[i] & 0xFF;
    }
    return number(BigDecimal.valueOf(number), meaning);
  }

  private static Value real(byte[] data, MbusMeaning meaning) {
    if (data.length < 4) {
      return NOTHING;
    }
    float number =
        Float.intBitsToFloat(
            data[0] & 0xFF | (data[1] & 0xFF) << 8 | (data[2] & 0xFF) << 16 | data[3] << 24);
    return Float.isFinite(number)
        ? number(new BigDecimal(Float.toString(number)), meaning)
        : new Value(null, Float.toString(number));
  }

  /**
   * Low digits first; F as the highest digit is a minus; another letter is an error of the meter.
   */
  private static Value bcd(byte[] data, MbusMeaning meaning) {
    String digits = Hex.plain(reversed(data));
    boolean negative = digits.startsWith("F");
    String magnitude = negative ? "0" + digits.substring(1) : digits;
    if (magnitude.isEmpty() || !magnitude.chars().allMatch(digit -> digit <= '9')) {
      return new Value(null, "no number: " + digits);
    }
    BigDecimal number = new BigDecimal(magnitude);
    return number(negative ? number.negate() : number, meaning);
  }

  private Value variable(int length, MbusMeaning meaning) {
    if (length <= 0xBF) {
      return new Value(null, text(length));
    }
    if (length <= 0xC9) {
      return bcd(take(length - 0xC0), meaning);
    }
    if (length >= 0xD0 && length <= 0xD9) {
      Value positive = bcd(take(length - 0xD0), meaning);
      return positive.number() == null
          ? positive
          : new Value(positive.number().negate(), positive.text());
    }
    if (length >= 0xE0 && length <= 0xEF) {
      return new Value(null, Hex.spaced(reversed(take(length - 0xE0))));
    }
    if (length == 0xF4) {
      return real(take(4), meaning);
    }
    in.fail(String.format("variable length %02X is reserved", length));
    return NOTHING;
  }

  private static Value number(BigDecimal raw, MbusMeaning meaning) {
    BigDecimal value = raw.multiply(meaning.factor()).stripTrailingZeros();
    return new Value(value.scale() < 0 ? value.setScale(0) : value, "");
  }

  /** Latin-1, last character first on the wire. */
  private String text(int length) {
    return new String(reversed(take(length)), StandardCharsets.ISO_8859_1);
  }

  private byte[] take(int length) {
    byte[] data = new byte[length];
    for (int i = 0; i < length; i++) {
      data[i] = (byte) in.u8();
    }
    return data;
  }

  private static byte[] reversed(byte[] data) {
    byte[] reversed = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      reversed[i] = data[data.length - 1 - i];
    }
    return reversed;
  }
}
