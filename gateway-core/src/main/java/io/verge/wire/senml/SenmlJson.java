package io.verge.wire.senml;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** SenML as JSON ({@code application/senml+json}, RFC 8428 section 5). */
public final class SenmlJson {
  private SenmlJson() {}

  /**
   * @param baseName before every name, for example {@code gw-0815/}.
   * @return the pack; the time of the first record is its base time.
   */
  public static byte[] encode(String baseName, List<SenmlRecord> records) {
    StringBuilder out = new StringBuilder(64 + records.size() * 64).append('[');
    BigDecimal base = records.isEmpty() ? BigDecimal.ZERO : records.get(0).seconds();
    for (int i = 0; i < records.size(); i++) {
      SenmlRecord record = records.get(i);
      out.append(i == 0 ? "{" : ",{");
      if (i == 0) {
        text(out.append("\"bn\":"), baseName);
        out.append(",\"bt\":").append(number(base)).append(',');
      }
      text(out.append("\"n\":"), record.name());
      if (!record.unit().isEmpty()) {
        text(out.append(",\"u\":"), record.unit());
      }
      if (record.seconds().compareTo(base) != 0) {
        out.append(",\"t\":").append(number(record.seconds().subtract(base)));
      }
      if (record.value() != null) {
        out.append(",\"v\":").append(number(record.value()));
      } else if (record.text() != null) {
        text(out.append(",\"vs\":"), record.text());
      }
      out.append('}');
    }
    return out.append(']').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String number(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
