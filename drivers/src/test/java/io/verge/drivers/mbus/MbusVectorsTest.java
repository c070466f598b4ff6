package io.verge.drivers.mbus;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder.Explained;
import io.verge.drivers.Vectors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The captured frames of rscada/libmbus against its own XML, record by record. */
class MbusVectorsTest {
  private final MbusDecoder decoder = new MbusDecoder();

  @Test
  void everyCapturedAnswerReadsAsLibmbusReadsIt() {
    List<String> differences = new ArrayList<>();
    int frames = 0;
    int records = 0;
    for (JsonObject vector : Vectors.of("mbus.jsonl")) {
      JsonObject expected = vector.getAsJsonObject("expected");
      if (!expected.has("slave") || !expected.getAsJsonObject("slave").has("Id")) {
        continue;
      }
      String id = vector.get("meaning").getAsString();
      Decoded<Explained> decoded = decoder.decode(bytes(vector));
      if (decoded instanceof Decoded.Invalid<Explained> invalid) {
        differences.add(id + ": " + invalid.reason() + " at " + invalid.offset());
        continue;
      }
      frames++;
      Map<String, Object> json = decoded.orThrow().json();
      header(id, expected.getAsJsonObject("slave"), json, differences);
      records += records(id, expected, json, differences);
    }
    // libmbus computes a number from digits A to F; for us a BCD error of the meter is no number.
    differences.removeIf(text -> text.contains("value=no number: DD"));
    String report =
        frames + " frames, " + records + " records agree; " + String.join("\n", differences);
    assertThat(frames).as(report).isGreaterThanOrEqualTo(50);
    assertThat(records).as(report).isGreaterThanOrEqualTo(664);
    assertThat(differences).as(report).isEmpty();
  }

  @Test
  void whatLibmbusRefusesIsRefused() {
    for (JsonObject vector : Vectors.of("mbus.jsonl")) {
      JsonObject expected = vector.getAsJsonObject("expected");
      // manual_frame5 and 6 are good frames to a meter, which libmbus does not read.
      boolean toMeter = vector.get("hex").getAsString().startsWith("53FE51", 8);
      if (expected.has("decode") && !toMeter) {
        assertThat(decoder.decode(bytes(vector)).isValid()).as(vector.toString()).isFalse();
      } else {
        assertThat(decoder.decode(bytes(vector)).isValid()).as(vector.toString()).isTrue();
      }
    }
  }

  @Test
  void everyLinkCaptureReadsAsDescribed() {
    for (JsonObject vector : Vectors.of("mbus-link-captures.jsonl")) {
      boolean valid = !vector.has("valid") || vector.get("valid").getAsBoolean();
      Decoded<Explained> decoded = decoder.decode(bytes(vector));
      assertThat(decoded.isValid()).as(vector.toString() + decoded).isEqualTo(valid);
      JsonObject expected = vector.getAsJsonObject("expected");
      for (String key : List.of("C", "A", "CI")) {
        if (expected.has(key)) {
          assertThat(decoded.orThrow().json().get(key.toLowerCase(java.util.Locale.ROOT)))
              .as(vector.toString())
              .isEqualTo(expected.get(key).getAsLong());
        }
      }
    }
  }

  private static void header(
      String id, JsonObject slave, Map<String, Object> json, List<String> differences) {
    String printed = String.valueOf(json.get("id")).replaceFirst("^0+(?=.)", "");
    check(id, "id", slave.get("Id").getAsString(), printed, differences);
    check(
        id,
        "maker",
        slave.get("Manufacturer").getAsString(),
        json.get("manufacturer"),
        differences);
    check(id, "version", number(slave, "Version", 10), json.get("version"), differences);
    check(id, "access", number(slave, "AccessNumber", 10), json.get("access"), differences);
    check(id, "status", number(slave, "Status", 16), json.get("status"), differences);
  }

  private static Object number(JsonObject slave, String key, int radix) {
    return Long.parseLong(slave.get(key).getAsString(), radix);
  }

  private static int records(
      String id, JsonObject expected, Map<String, Object> json, List<String> differences) {
    List<?> found = (List<?>) json.getOrDefault("records", List.of());
    int at = 0;
    int agreeing = 0;
    for (JsonElement element : expected.getAsJsonArray("records")) {
      JsonObject record = element.getAsJsonObject();
      if (!record.has("Value")) {
        at++;
        continue;
      }
      Object mine = at < found.size() ? ((Map<?, ?>) found.get(at)).get("value") : "absent";
      String theirs = record.get("Value").getAsString();
      if (agree(theirs, mine)) {
        agreeing++;
      } else {
        differences.add(
            id
                + " record "
                + at
                + ": "
                + record
                + " / "
                + (at < found.size() ? found.get(at) : "absent"));
      }
      at++;
    }
    return agreeing;
  }

  private static boolean agree(String theirs, @Nullable Object mine) {
    if (mine instanceof BigDecimal number) {
      BigDecimal other;
      try {
        other = new BigDecimal(theirs);
      } catch (NumberFormatException e) {
        return false;
      }
      BigDecimal tolerance = number.abs().movePointLeft(6).max(new BigDecimal("0.0000006"));
      return number.subtract(other).abs().compareTo(tolerance) <= 0;
    }
    return String.valueOf(mine).strip().equals(theirs.strip().replace("Z", ""));
  }

  private static void check(
      String id, String what, Object theirs, @Nullable Object mine, List<String> differences) {
    if (!String.valueOf(theirs).equals(String.valueOf(mine))) {
      differences.add(id + " " + what + ": " + theirs + " / " + mine);
    }
  }

  private static byte[] bytes(JsonObject vector) {
    return Hex.parse(vector.get("hex").getAsString()).orThrow();
  }
}
