package io.verge.drivers.a02;

import io.verge.bytes.Checksums;
import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explains A02 frames. JSON: {@code distance_mm}. */
public final class A02Decoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "a02";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    if (frame.length != A02Codec.FRAME_LENGTH) {
      return Decoded.invalid("frame of " + frame.length + " bytes, expected 4", 0);
    }
    if ((frame[0] & 0xFF) != A02Codec.START) {
      return Decoded.invalid(String.format("starts with %02X, expected FF", frame[0] & 0xFF), 0);
    }
    if (!A02Codec.isChecked(frame)) {
      return Decoded.invalid(
          String.format(
              "checksum %02X, expected %02X", frame[3] & 0xFF, Checksums.sum8(frame, 0, 3)),
          3);
    }
    int distance = A02Codec.distanceMm(frame);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("distance_mm", (long) distance);
    return Decoded.valid(
        new Explained(
            "A02 distance",
            List.of(
                new Field(0, 1, "start", "FF"),
                new Field(1, 2, "distance", distance + " mm" + (distance == 0 ? " (no echo)" : "")),
                new Field(3, 1, "checksum", "good")),
            json));
  }
}
