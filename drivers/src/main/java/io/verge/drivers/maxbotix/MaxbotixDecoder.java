package io.verge.drivers.maxbotix;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explains lines of MaxBotix sensors. JSON: {@code distance_mm}. */
public final class MaxbotixDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "maxbotix";
  }

  @Override
  public Decoded<Explained> decode(byte[] line) {
    if (MaxbotixCodec.check(line) instanceof Decoded.Invalid<Integer> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    int digits = line.length - 2;
    long distance = MaxbotixCodec.distanceMm(line);
    String unit = digits == MaxbotixCodec.CENTIMETRE_DIGITS ? " cm" : " mm";
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("distance_mm", distance);
    return Decoded.valid(
        new Explained(
            "MaxBotix distance",
            List.of(
                new Field(0, 1, "start", "R"),
                new Field(1, digits, "distance", MaxbotixCodec.number(line) + unit),
                new Field(1 + digits, 1, "end", "CR; there is no checksum")),
            json));
  }
}
