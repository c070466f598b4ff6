package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.PointType;
import io.verge.model.Sample;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.Deflater;

/**
 * The same samples as one SenML pack (RFC 8428), for comparison of sizes only: a base name and base
 * time where the device or its sample changes, then a record a reading with name, unit and value.
 * In CBOR a value with decimals is a decimal fraction (tag 4), its shortest exact form.
 */
final class Senml {
  private static final int BASE_NAME = -2;
  private static final int BASE_TIME = -3;
  private static final int NAME = 0;
  private static final int UNIT = 1;
  private static final int VALUE = 2;
  private static final int DECIMAL_FRACTION = 4;

  private final Catalog catalog;

  Senml(Catalog catalog) {
    this.catalog = catalog;
  }

  byte[] json(List<Sample> samples) {
    StringBuilder out = new StringBuilder("[");
    for (Sample sample : samples) {
      boolean first = true;
      List<PointType> points = catalog.typeOf(sample.device()).points();
      for (int p = 0; p < points.size(); p++) {
        if (sample.values()[p] == Sample.NONE) {
          continue;
        }
        out.append(out.length() == 1 ? "{" : ",{");
        if (first) {
          out.append("\"bn\":\"").append(name(sample)).append("\",\"bt\":");
          out.append(
              BigDecimal.valueOf(sample.stamp().utcMs(), 3).stripTrailingZeros().toPlainString());
          out.append(',');
          first = false;
        }
        PointType point = points.get(p);
        out.append("\"n\":\"").append(point.name()).append('"');
        if (!point.unit().isEmpty()) {
          out.append(",\"u\":\"").append(point.unit()).append('"');
        }
        out.append(",\"v\":");
        out.append(BigDecimal.valueOf(sample.values()[p], point.decimals()).toPlainString());
        out.append('}');
      }
    }
    return out.append(']').toString().getBytes(StandardCharsets.UTF_8);
  }

  byte[] cbor(List<Sample> samples) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    int count = 0;
    for (Sample sample : samples) {
      boolean first = true;
      List<PointType> points = catalog.typeOf(sample.device()).points();
      for (int p = 0; p < points.size(); p++) {
        if (sample.values()[p] == Sample.NONE) {
          continue;
        }
        PointType point = points.get(p);
        head(records, 5, (first ? 4 : 2) + (point.unit().isEmpty() ? 0 : 1));
        if (first) {
          integer(records, BASE_NAME);
          text(records, name(sample));
          integer(records, BASE_TIME);
          decimal(records, sample.stamp().utcMs() / 100, 1);
          first = false;
        }
        integer(records, NAME);
        text(records, point.name());
        if (!point.unit().isEmpty()) {
          integer(records, UNIT);
          text(records, point.unit());
        }
        integer(records, VALUE);
        decimal(records, sample.values()[p], point.decimals());
        count++;
      }
    }
    ByteArrayOutputStream pack = new ByteArrayOutputStream();
    head(pack, 4, count);
    pack.writeBytes(records.toByteArray());
    return pack.toByteArray();
  }

  /** Bytes of raw DEFLATE at its best level, and one that names the coding. */
  static int deflated(byte[] pack) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(pack);
      deflater.finish();
      byte[] block = new byte[8192];
      while (!deflater.finished()) {
        deflater.deflate(block);
      }
      return 1 + (int) deflater.getBytesWritten();
    } finally {
      deflater.end();
    }
  }

  private String name(Sample sample) {
    return "urn:dev:org:32473-gw-demo:" + catalog.devices().get(sample.device()).id() + "/";
  }

  private static void decimal(ByteArrayOutputStream out, long value, int decimals) {
    if (decimals == 0) {
      integer(out, value);
      return;
    }
    head(out, 6, DECIMAL_FRACTION);
    head(out, 4, 2);
    integer(out, -decimals);
    integer(out, value);
  }

  private static void integer(ByteArrayOutputStream out, long value) {
    head(out, value < 0 ? 1 : 0, value < 0 ? ~value : value);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    head(out, 3, utf8.length);
    out.writeBytes(utf8);
  }

  private static void head(ByteArrayOutputStream out, int major, long value) {
    int bytes =
        value < 24 ? 0 : value < 0x100 ? 1 : value < 0x1_0000 ? 2 : value >>> 32 == 0 ? 4 : 8;
    int info = bytes == 0 ? (int) value : 23 + Integer.numberOfTrailingZeros(bytes) + 1;
    out.write(major << 5 | info);
    for (int shift = bytes * 8 - 8; shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }
}
