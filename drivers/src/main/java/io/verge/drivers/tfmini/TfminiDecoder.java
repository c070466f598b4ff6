package io.verge.drivers.tfmini;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Explains TFmini frames. JSON: {@code distance_cm} (absent where there is none), {@code problem},
 * {@code strength}, {@code temp_c}.
 */
public final class TfminiDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "tfmini";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    if (TfminiCodec.check(frame) instanceof Decoded.Invalid<byte[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    int distance = TfminiCodec.distanceCm(frame);
    BigDecimal celsius = BigDecimal.valueOf(TfminiCodec.temperatureTenths(frame), 1);
    Map<String, Object> json = new LinkedHashMap<>();
    String text = distance + " cm";
    if (distance < 0) {
      text = problem(distance);
      json.put("problem", text);
    } else {
      json.put("distance_cm", (long) distance);
    }
    json.put("strength", (long) TfminiCodec.strength(frame));
    json.put("temp_c", celsius);
    return Decoded.valid(
        new Explained(
            "TFmini distance",
            List.of(
                new Field(0, 2, "start", "59 59"),
                new Field(2, 2, "distance", text),
                new Field(4, 2, "strength", Integer.toString(TfminiCodec.strength(frame))),
                new Field(6, 2, "temperature", celsius + " degrees (TFmini: mode)"),
                new Field(8, 1, "checksum", "good")),
            json));
  }

  private static String problem(int distance) {
    return switch (distance) {
      case -1 -> "signal too weak";
      case -2 -> "signal saturated";
      case -4 -> "too much ambient light";
      default -> "no distance";
    };
  }
}
