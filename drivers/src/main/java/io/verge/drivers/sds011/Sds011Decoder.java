package io.verge.drivers.sds011;

import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.driver.FrameDecoder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explains frames of the SDS011 and the SDS198. JSON: {@code drivers/README.md}. */
public final class Sds011Decoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "sds011";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    if (Sds011Codec.check(frame) instanceof Decoded.Invalid<byte[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Map<String, Object> json = new LinkedHashMap<>();
    List<Field> fields = new ArrayList<>();
    int kind = frame[1] & 0xFF;
    fields.add(new Field(0, 2, "head", Hex.spaced(frame, 0, 2)));
    String title = body(frame, kind, fields, json);
    int id = frame.length - 4;
    String device = Hex.plain(Arrays.copyOfRange(frame, id, id + 2));
    json.put("device_id", device);
    fields.add(new Field(id, 2, "id", device));
    fields.add(new Field(id + 2, 1, "checksum", "good"));
    fields.add(new Field(id + 3, 1, "tail", "AB"));
    return Decoded.valid(new Explained(title, List.copyOf(fields), json));
  }

  private static String body(byte[] frame, int kind, List<Field> fields, Map<String, Object> json) {
    if (kind == Sds011Codec.DATA) {
      BigDecimal pm25 = BigDecimal.valueOf(Sds011Codec.pm25(frame), 1);
      BigDecimal pm10 = BigDecimal.valueOf(Sds011Codec.pm10(frame), 1);
      json.put("pm25", pm25);
      json.put("pm10", pm10);
      fields.add(new Field(2, 2, "PM2.5", pm25 + " ug/m3"));
      fields.add(new Field(4, 2, "PM10", pm10 + " ug/m3"));
      return "SDS011 particulate matter";
    }
    if (kind == Sds011Codec.DATA_SDS198) {
      long pm100 = Sds011Codec.word(frame, 4);
      json.put("pm100", pm100);
      fields.add(new Field(4, 2, "PM100", pm100 + " ug/m3"));
      return "SDS198 particulate matter";
    }
    String data = Hex.spaced(frame, 2, frame.length - 4);
    json.put("command", (long) (frame[2] & 0xFF));
    json.put("data", data.replace(" ", ""));
    fields.add(new Field(2, frame.length - 6, "data", data));
    return "SDS011 " + (kind == Sds011Codec.COMMAND ? "command" : "answer to a command");
  }
}
