package io.verge.drivers.dali;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.verge.bytes.Hex;
import io.verge.drivers.Vectors;
import io.verge.drivers.wire.dali.DaliMemory;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Frames and values of python-dali's tests, of captures, and of vendors' manuals. */
class DaliVectorsTest {
  private static final Map<String, Integer> EXPONENTS =
      Map.of("s", 0, "count", 0, "Vrms", -1, "V", -1, "A", -3, "starts", 2);
  private static final List<String> SCALED = List.of("Wh", "W", "VAh", "VA", "invalid", "tmask");

  @Test
  void everyFrameReadsAsItsSourceSays() {
    int levels = 0;
    int values = 0;
    for (JsonObject vector : Vectors.of("dali.jsonl")) {
      byte[] bytes = Hex.parse(vector.get("hex").getAsString()).orThrow();
      JsonObject expected = vector.getAsJsonObject("expected");
      assertThat(new DaliDecoder().decode(bytes).isValid()).as(vector.toString()).isTrue();
      Map<String, Object> json = new DaliDecoder().decode(bytes).orThrow().json();
      if (expected.has("level")) {
        assertThat((BigDecimal) json.get("percent"))
            .as(vector.toString())
            .isCloseTo(expected.get("percent").getAsBigDecimal(), within("0.0005"));
        levels++;
      }
      for (String key : List.of("dali_frame", "bits", "checksum")) {
        if (expected.has(key)) {
          assertThat(String.valueOf(json.get(key))).isEqualTo(expected.get(key).getAsString());
        }
      }
      if (vector.get("meaning").getAsString().startsWith("DALI memory")) {
        value(vector, bytes, expected);
        values++;
      }
    }
    assertThat(levels).isEqualTo(9);
    assertThat(values).isEqualTo(15);
  }

  private static void value(JsonObject vector, byte[] bytes, JsonObject expected) {
    String unit = expected.keySet().iterator().next();
    DaliMemory.Value value =
        SCALED.contains(unit)
            ? DaliMemory.value(bytes, DaliMemory.Form.SCALED, 0)
            : DaliMemory.value(
                bytes, DaliMemory.Form.NUMBER, Objects.requireNonNull(EXPONENTS.get(unit), unit));
    switch (unit) {
      case "invalid" ->
          assertThat(value.state()).as(vector.toString()).isEqualTo(DaliMemory.State.INVALID);
      case "tmask" ->
          assertThat(value.state()).as(vector.toString()).isEqualTo(DaliMemory.State.TMASK);
      default ->
          assertThat(value.number())
              .as(vector.toString())
              .isEqualByComparingTo(expected.get(unit).getAsBigDecimal());
    }
  }

  private static org.assertj.core.data.Offset<BigDecimal> within(String offset) {
    return org.assertj.core.data.Offset.offset(new BigDecimal(offset));
  }
}
