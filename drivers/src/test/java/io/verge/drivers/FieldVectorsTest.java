package io.verge.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import io.verge.driver.FrameDecoder.Explained;
import io.verge.drivers.a02.A02Decoder;
import io.verge.drivers.cjt188.Cjt188Decoder;
import io.verge.drivers.dlt645.Dlt645Decoder;
import io.verge.drivers.maxbotix.MaxbotixDecoder;
import io.verge.drivers.pms.PmsDecoder;
import io.verge.drivers.sds011.Sds011Decoder;
import io.verge.drivers.tfmini.TfminiDecoder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bulk frames of each protocol against the values expected of them. */
class FieldVectorsTest {
  /** Frames whose expected values are disputed, and why. */
  private static final Map<String, String> DISPUTED =
      Map.of(
          "dlt645-025",
          "00440000 is a reactive energy (phase C, quadrant 4: the phases repeat the total's"
              + " identifiers 14H apart), so kvarh, not kWh; the value agrees",
          "distance-006",
          "SEN0627 counts centimetres in a frame that nothing tells from one of millimetres",
          "dlt645-037",
          "its data 33 33 34 33 less 33H is 00010000, energy, as its own note in brackets says");

  private final List<String> differences = new ArrayList<>();
  private int valid;
  private int rejected;
  private int values;
  private int unsupported;

  @Test
  void cjt188() {
    for (JsonObject vector : Vectors.of("cjt188.jsonl")) {
      Map<String, Object> json = decode(new Cjt188Decoder(), vector);
      if (json == null) {
        continue;
      }
      JsonObject expected = vector.getAsJsonObject("expected");
      same(vector, "C", json.get("c"));
      same(vector, "DI", json.get("di"));
      same(vector, "DI_order", json.get("di_order"));
      same(vector, "meter_no", json.get("meter"));
      same(vector, "vendor", json.get("vendor"));
      same(vector, "op", json.get("op"));
      same(vector, "valve", json.get("valve"));
      same(vector, "ST", json.get("status"));
      same(vector, "time", json.get("time"));
      same(vector, "time_invalid", json.get("time_invalid"));
      number(vector, "cumulative", record(json, 0, "value"));
      number(vector, "month", record(json, 1, "value"));
      if (expected.has("unit")) {
        same(vector, "unit", record(json, 0, "unit"));
      }
    }
    assertThat(report()).contains("29 valid, 0 rejected").endsWith("differences: []");
    assertThat(values).as(report()).isGreaterThanOrEqualTo(76);
  }

  @Test
  void dlt645() {
    for (JsonObject vector : Vectors.of("dlt645.jsonl")) {
      Map<String, Object> json = decode(new Dlt645Decoder(), vector);
      if (json == null) {
        continue;
      }
      same(vector, "C", json.get("c"));
      same(vector, "DI", json.get("di"));
      same(vector, "ERR", json.get("error"));
      same(vector, "address", json.get("meter"));
      same(vector, "version", json.get("version"));
      same(vector, "extra", json.get("data"));
      same(vector, "invalid_bcd", json.get("invalid_bcd"));
      number(vector, "value", record(json, 0, "value"));
      same(vector, "unit", record(json, 0, "unit"));
    }
    assertThat(report()).contains("37 valid, 2 rejected").endsWith("differences: []");
    assertThat(values).as(report()).isGreaterThanOrEqualTo(104);
  }

  @Test
  void airQuality() {
    Map<String, String> names =
        Map.of("pm01", "pm1", "raw01", "pm1_cf1", "raw25", "pm25_cf1", "raw10", "pm10_cf1");
    for (JsonObject vector : Vectors.of("airquality.jsonl")) {
      boolean nova = vector.get("hex").getAsString().startsWith("AA");
      Map<String, Object> json = decode(nova ? new Sds011Decoder() : new PmsDecoder(), vector);
      if (json == null) {
        continue;
      }
      boolean weather = vector.get("meaning").getAsString().contains("PMS5003T");
      for (String key : vector.getAsJsonObject("expected").keySet()) {
        if (key.equals("device_id")) {
          same(vector, key, json.get(key));
        } else if (weather && Set.of("temp", "rhum").contains(key)) {
          Object raw = json.get(key.equals("temp") ? "n5_0" : "n10_0");
          number(vector, key, raw instanceof Long tenths ? BigDecimal.valueOf(tenths, 1) : raw);
        } else if (key.startsWith("n")) {
          Object raw = json.get(key);
          number(vector, key, raw instanceof Long count ? BigDecimal.valueOf(count, 2) : raw);
        } else if (!key.equals("time")) {
          number(vector, key, json.get(names.getOrDefault(key, key)));
        }
      }
    }
    assertThat(report()).contains("54 valid, 0 rejected").endsWith("differences: []");
    assertThat(values).as(report()).isGreaterThanOrEqualTo(300);
  }

  @Test
  void distance() {
    for (JsonObject vector : Vectors.of("distance.jsonl")) {
      String hex = vector.get("hex").getAsString();
      if (hex.startsWith("55AA")) {
        unsupported++;
        continue;
      }
      FrameDecoder decoder =
          hex.startsWith("5959")
              ? new TfminiDecoder()
              : hex.startsWith("52") ? new MaxbotixDecoder() : new A02Decoder();
      Map<String, Object> json = decode(decoder, vector);
      if (json == null) {
        continue;
      }
      for (String key : List.of("distance_mm", "distance_cm", "strength", "temp_c")) {
        number(vector, key, json.get(key));
      }
    }
    // URM06 and URM07 (55 AA) have no family: three frames.
    assertThat(unsupported).isEqualTo(3);
    assertThat(report()).contains("8 valid, 1 rejected").endsWith("differences: []");
    assertThat(values).as(report()).isGreaterThanOrEqualTo(9);
  }

  /** Null where the frame is invalid, as it should be, or against what is expected. */
  private @Nullable Map<String, Object> decode(FrameDecoder decoder, JsonObject vector) {
    boolean shall = !vector.has("valid") || vector.get("valid").getAsBoolean();
    Decoded<Explained> decoded =
        decoder.decode(Hex.parse(vector.get("hex").getAsString()).orThrow());
    if (decoded.isValid() != shall) {
      differences.add(id(vector) + ": " + decoded + ", expected valid " + shall);
    }
    if (!decoded.isValid() || !shall) {
      rejected += decoded.isValid() ? 0 : 1;
      return null;
    }
    valid++;
    return decoded.orThrow().json();
  }

  private static @Nullable Object record(Map<String, Object> json, int index, String key) {
    List<?> records = (List<?>) json.getOrDefault("records", List.of());
    return index < records.size() ? ((Map<?, ?>) records.get(index)).get(key) : null;
  }

  private void same(JsonObject vector, String key, @Nullable Object found) {
    JsonElement expected = vector.getAsJsonObject("expected").get(key);
    if (expected == null) {
      return;
    }
    String wanted = expected.isJsonNull() ? "null" : expected.getAsString();
    check(vector, key, wanted, String.valueOf(found), wanted.equals(String.valueOf(found)));
  }

  private void number(JsonObject vector, String key, @Nullable Object found) {
    JsonElement expected = vector.getAsJsonObject("expected").get(key);
    if (expected == null) {
      return;
    }
    boolean same =
        expected.isJsonNull()
            ? found == null
            : found != null
                && expected.getAsBigDecimal().compareTo(new BigDecimal(found.toString())) == 0;
    check(vector, key, expected.toString(), String.valueOf(found), same);
  }

  private void check(JsonObject vector, String key, String wanted, String found, boolean same) {
    if (same) {
      values++;
    } else if (!DISPUTED.containsKey(id(vector))) {
      differences.add(id(vector) + " " + key + ": expected " + wanted + ", found " + found);
    }
  }

  private static String id(JsonObject vector) {
    return vector.get("id").getAsString();
  }

  private String report() {
    return valid
        + " valid, "
        + rejected
        + " rejected, "
        + values
        + " values; differences: "
        + differences;
  }
}
