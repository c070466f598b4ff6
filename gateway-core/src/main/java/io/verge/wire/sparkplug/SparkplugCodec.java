package io.verge.wire.sparkplug;

import io.verge.bytes.Decoded;
import io.verge.wire.proto.ProtoReader;
import io.verge.wire.proto.ProtoWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Payloads as bytes. Field numbers are those of the specification's chapter 6 ("Google Protocol
 * Buffer Schema"). Static functions; any thread.
 */
public final class SparkplugCodec {
  /** Longest payload of a host: it writes points and asks for rebirths. */
  public static final int BYTES_MAX = 64 * 1024;

  static final int METRICS_MAX = 256;
  static final int NAME_BYTES_MAX = 128;
  private static final int TEXT_BYTES_MAX = 1024;

  private static final int TIMESTAMP = 1;
  private static final int METRICS = 2;
  private static final int SEQ = 3;

  private static final int NAME = 1;
  private static final int ALIAS = 2;
  private static final int TIME = 3;
  private static final int DATATYPE = 4;
  private static final int IS_HISTORICAL = 5;
  private static final int IS_NULL = 7;
  private static final int PROPERTIES = 9;
  private static final int INT_VALUE = 10;
  private static final int LONG_VALUE = 11;
  private static final int FLOAT_VALUE = 12;
  private static final int DOUBLE_VALUE = 13;
  private static final int BOOLEAN_VALUE = 14;
  private static final int STRING_VALUE = 15;

  private static final int PROPERTY_KEYS = 1;
  private static final int PROPERTY_VALUES = 2;
  private static final int PROPERTY_TYPE = 1;
  private static final int PROPERTY_INT = 3;
  private static final int PROPERTY_STRING = 8;
  private static final int TYPE_INT32 = 3;

  /**
   * A payload as read.
   *
   * @param timeMs milliseconds since 1970 UTC, or 0 where the sender does not say.
   * @param seq 0..255, or -1 where there is none.
   */
  public record Payload(long timeMs, List<Metric> metrics, int seq) {
    public Payload {
      metrics = List.copyOf(metrics);
    }
  }

  private SparkplugCodec() {}

  /** A payload without its sequence number, which {@link #numbered} adds when it is sent. */
  public static byte[] encode(long timeMs, List<Metric> metrics) {
    ProtoWriter out = new ProtoWriter().varint(TIMESTAMP, timeMs);
    metrics.forEach(metric -> out.message(METRICS, metric(metric)));
    return out.toBytes();
  }

  /** The payload with its sequence number; protobuf fields may stand in any order. */
  static byte[] numbered(byte[] payload, int seq) {
    byte[] tail = new ProtoWriter().varint(SEQ, seq).toBytes();
    byte[] whole = java.util.Arrays.copyOf(payload, payload.length + tail.length);
    System.arraycopy(tail, 0, whole, payload.length, tail.length);
    return whole;
  }

  private static ProtoWriter metric(Metric metric) {
    ProtoWriter out = new ProtoWriter();
    if (!metric.name().isEmpty()) {
      out.text(NAME, metric.name());
    }
    if (metric.alias() != Metric.NO_ALIAS) {
      out.varint(ALIAS, metric.alias());
    }
    out.varint(TIME, metric.timeMs());
    if (metric.type() != 0) {
      out.varint(DATATYPE, metric.type());
    }
    if (metric.historical()) {
      out.bool(IS_HISTORICAL, true);
    }
    if (metric.value() == null) {
      out.bool(IS_NULL, true);
    }
    properties(out, metric);
    value(out, metric.value());
    return out;
  }

  private static void value(ProtoWriter out, @Nullable Object value) {
    if (value instanceof Long whole) {
      out.varint(LONG_VALUE, whole);
    } else if (value instanceof Double real) {
      out.real(DOUBLE_VALUE, real);
    } else if (value instanceof Boolean flag) {
      out.bool(BOOLEAN_VALUE, flag);
    } else if (value instanceof String text) {
      out.text(STRING_VALUE, text);
    } else if (value != null) {
      throw new IllegalArgumentException("a metric of " + value.getClass());
    }
  }

  private static void properties(ProtoWriter out, Metric metric) {
    ProtoWriter set = new ProtoWriter();
    boolean any = false;
    if (!metric.unit().isEmpty()) {
      set.text(PROPERTY_KEYS, "engUnit");
      any = true;
    }
    if (metric.quality() != Metric.GOOD) {
      set.text(PROPERTY_KEYS, "Quality");
      any = true;
    }
    if (!any) {
      return;
    }
    if (!metric.unit().isEmpty()) {
      set.message(
          PROPERTY_VALUES,
          new ProtoWriter()
              .varint(PROPERTY_TYPE, Metric.STRING)
              .text(PROPERTY_STRING, metric.unit()));
    }
    if (metric.quality() != Metric.GOOD) {
      set.message(
          PROPERTY_VALUES,
          new ProtoWriter()
              .varint(PROPERTY_TYPE, TYPE_INT32)
              .varint(PROPERTY_INT, metric.quality()));
    }
    out.message(PROPERTIES, set);
  }

  /** Reads a payload from outside; metadata, properties, data sets and templates are skipped. */
  public static Decoded<Payload> decode(byte[] message) {
    if (message.length > BYTES_MAX) {
      return Decoded.invalid(
          "payload of " + message.length + " bytes, expected at most " + BYTES_MAX, 0);
    }
    ProtoReader in = new ProtoReader(message);
    List<Metric> metrics = new ArrayList<>();
    long time = 0;
    int seq = -1;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case TIMESTAMP -> time = in.varint();
        case SEQ -> seq = (int) (in.varint() & 0xFF);
        case METRICS -> {
          ProtoReader nested = in.message();
          metrics.add(readMetric(nested));
          in.check(nested);
          if (metrics.size() > METRICS_MAX) {
            in.fail("more than " + METRICS_MAX + " metrics");
          }
        }
        default -> in.skip();
      }
    }
    return in.isOk() ? Decoded.valid(new Payload(time, metrics, seq)) : in.invalid();
  }

  private static Metric readMetric(ProtoReader in) {
    String name = "";
    long alias = Metric.NO_ALIAS;
    long time = 0;
    int type = 0;
    boolean historical = false;
    Object value = null;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case NAME -> name = in.text(NAME_BYTES_MAX);
        case ALIAS -> alias = in.varint();
        case TIME -> time = in.varint();
        case DATATYPE -> type = (int) in.varint();
        case IS_HISTORICAL -> historical = in.bool();
        case INT_VALUE -> value = (long) (int) in.varint();
        case LONG_VALUE -> value = in.varint();
        case FLOAT_VALUE -> value = (double) in.single();
        case DOUBLE_VALUE -> value = in.real();
        case BOOLEAN_VALUE -> value = in.bool();
        case STRING_VALUE -> value = in.text(TEXT_BYTES_MAX);
        default -> in.skip();
      }
    }
    return new Metric(name, alias, time, type, historical, value, "", Metric.GOOD);
  }
}
