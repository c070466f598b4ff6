package io.verge.drivers.at;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import io.verge.drivers.at.AtAnswer.Line;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Explains answers of a modem, given as the bytes of their text. */
public final class AtDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "at";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    Decoded<AtAnswer> parsed = AtAnswer.parse(frame);
    if (parsed instanceof Decoded.Invalid<AtAnswer> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    AtAnswer answer = parsed.orThrow();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("lines", answer.lines());
    json.put("result", answer.last());
    json.put("error", !answer.last().isEmpty() && !answer.isGood());
    for (String line : answer.lines()) {
      explain(AtAnswer.split(line), json);
    }
    List<Field> fields = new ArrayList<>();
    json.forEach((name, value) -> fields.add(new Field(0, 0, name, String.valueOf(value))));
    String title = answer.last().isEmpty() ? "no end" : answer.last();
    return Decoded.valid(new Explained("AT answer, " + title, List.copyOf(fields), json));
  }

  private static void explain(Line line, Map<String, Object> json) {
    switch (line.word()) {
      case "+CSQ" -> put(json, "rssi_dbm", AtSignal.rssi(line.number(0)));
      case "+CESQ" -> {
        Integer rsrq = AtSignal.rsrqTenths(line.number(4));
        if (rsrq != null) {
          json.put("rsrq_db", BigDecimal.valueOf(rsrq, 1));
        }
        put(json, "rsrp_dbm", AtSignal.rsrp(line.number(5)));
      }
      case "+CREG", "+CGREG", "+CEREG" -> registration(line, json);
      case "+COPS" -> operator(line, json);
      default -> {
        // Kept among the lines.
      }
    }
  }

  private static void registration(Line line, Map<String, Object> json) {
    int at = AtSignal.statAt(line);
    int stat = line.number(at);
    if (stat < 0) {
      return;
    }
    json.put(line.word().substring(1).toLowerCase(Locale.ROOT), (long) stat);
    if (json.containsKey("stat") && !line.word().equals("+CEREG")) {
      return;
    }
    json.put("stat", (long) stat);
    if (at == 1) {
      json.put("n", (long) line.number(0));
    }
    json.put("registered", AtSignal.isRegistered(stat));
    json.put("searching", stat == 2);
    json.put("meaning", AtSignal.registration(stat));
    if (line.isQuoted(at + 1)) {
      json.put(line.word().equals("+CREG") ? "lac" : "tac", line.unquoted(at + 1));
      json.put("ci", line.unquoted(at + 2));
      if (line.number(at + 3) >= 0) {
        json.put("act", (long) line.number(at + 3));
      }
    }
  }

  private static void operator(Line line, Map<String, Object> json) {
    if (line.number(0) >= 0) {
      json.put("mode", (long) line.number(0));
    }
    if (line.isQuoted(2)) {
      json.put(line.number(1) == 2 ? "plmn" : "operator", line.unquoted(2));
    }
    if (line.number(3) >= 0) {
      json.put("act", (long) line.number(3));
    }
  }

  private static void put(Map<String, Object> json, String name, @Nullable Integer value) {
    if (value != null) {
      json.put(name, value.longValue());
    }
  }
}
