package io.verge.wire.senml;

import io.verge.wire.CborWriter;
import java.math.BigDecimal;
import java.util.List;

/**
 * SenML as CBOR ({@code application/senml+cbor}, RFC 8428 section 6, labels of table 6). Whole
 * numbers are integers, others double precision floats.
 */
public final class SenmlCbor {
  private static final int BASE_TIME = -3;
  private static final int BASE_NAME = -2;
  private static final int NAME = 0;
  private static final int UNIT = 1;
  private static final int VALUE = 2;
  private static final int TEXT = 3;
  private static final int TIME = 6;

  private SenmlCbor() {}

  /**
   * @param baseName before every name, for example {@code gw-0815/}.
   * @return the pack; the time of the first record is its base time.
   */
  public static byte[] encode(String baseName, List<SenmlRecord> records) {
    CborWriter out = new CborWriter(64 + records.size() * 32).array(records.size());
    BigDecimal base = records.isEmpty() ? BigDecimal.ZERO : records.get(0).seconds();
    for (int i = 0; i < records.size(); i++) {
      SenmlRecord record = records.get(i);
      boolean timed = record.seconds().compareTo(base) != 0;
      out.map(2 + (i == 0 ? 2 : 0) + (record.unit().isEmpty() ? 0 : 1) + (timed ? 1 : 0));
      if (i == 0) {
        out.integer(BASE_NAME).text(baseName);
        number(out.integer(BASE_TIME), base);
      }
      out.integer(NAME).text(record.name());
      if (!record.unit().isEmpty()) {
        out.integer(UNIT).text(record.unit());
      }
      if (record.value() != null) {
        number(out.integer(VALUE), record.value());
      } else if (record.text() != null) {
        out.integer(TEXT).text(record.text());
      }
      if (timed) {
        number(out.integer(TIME), record.seconds().subtract(base));
      }
    }
    return out.toBytes();
  }

  private static void number(CborWriter out, BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    if (plain.scale() <= 0) {
      out.integer(plain.longValueExact());
    } else {
      out.real(value.doubleValue());
    }
  }
}
