package io.verge.drivers.pms;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explains Plantower frames. JSON: {@code drivers/README.md}. */
public final class PmsDecoder implements FrameDecoder {
  private static final List<String> SIZES = List.of("pm1", "pm25", "pm10");
  private static final List<String> COUNTS =
      List.of("n0_3", "n0_5", "n1_0", "n2_5", "n5_0", "n10_0");
  private static final Map<Integer, String> COMMANDS =
      Map.of(0xE1, "change mode", 0xE2, "read in passive mode", 0xE4, "sleep or wake");

  @Override
  public String protocol() {
    return "pms";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    if (frame.length == PmsCodec.COMMAND_LENGTH) {
      return command(frame, PmsCodec.COMMAND_LENGTH, 2);
    }
    if (frame.length >= PmsCodec.HEAD && PmsCodec.word(frame, 2) == PmsCodec.ANSWER_BODY) {
      return command(frame, PmsCodec.HEAD + PmsCodec.ANSWER_BODY, 4);
    }
    return PmsCodec.data(frame) instanceof Decoded.Invalid<byte[]> invalid
        ? Decoded.invalid(invalid.reason(), invalid.offset())
        : data(frame);
  }

  private static Decoded<Explained> command(byte[] frame, int length, int at) {
    if (PmsCodec.whole(frame, length) instanceof Decoded.Invalid<byte[]> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    int command = frame[at] & 0xFF;
    String name = COMMANDS.getOrDefault(command, "unknown command");
    int value = at == 2 ? PmsCodec.word(frame, 3) : frame[5] & 0xFF;
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("command", (long) command);
    json.put("value", (long) value);
    return Decoded.valid(
        new Explained(
            "Plantower " + (at == 2 ? "command" : "answer to a command") + ", " + name,
            List.of(
                new Field(0, 2, "start", "42 4D"),
                new Field(at, 1, "command", String.format("%02X %s", command, name)),
                new Field(at + 1, length - at - 3, "value", Integer.toString(value)),
                new Field(length - 2, 2, "checksum", "good")),
            json));
  }

  private static Decoded<Explained> data(byte[] frame) {
    Map<String, Object> json = new LinkedHashMap<>();
    List<Field> fields = new ArrayList<>();
    fields.add(new Field(0, 2, "start", "42 4D"));
    fields.add(new Field(2, 2, "length", Integer.toString(PmsCodec.word(frame, 2))));
    for (int i = 0; i < 2 * SIZES.size(); i++) {
      boolean air = i >= SIZES.size();
      String name = SIZES.get(i % SIZES.size()) + (air ? "" : "_cf1");
      put(frame, 4 + 2 * i, name, " ug/m3", fields, json);
    }
    boolean counts = frame.length > PmsCodec.HEAD + PmsCodec.BODY_PMS3003;
    for (int i = 0; counts && i < COUNTS.size(); i++) {
      put(frame, 16 + 2 * i, COUNTS.get(i), " particles per 0.1 l", fields, json);
    }
    if (frame.length == PmsCodec.HEAD + PmsCodec.BODY) {
      json.put("version", (long) (frame[28] & 0xFF));
      json.put("error", (long) PmsCodec.error(frame));
      fields.add(new Field(28, 1, "version", String.format("%02X", frame[28] & 0xFF)));
      fields.add(new Field(29, 1, "error", String.format("%02X", frame[29] & 0xFF)));
    }
    fields.add(new Field(frame.length - 2, 2, "checksum", "good"));
    return Decoded.valid(new Explained("Plantower particulate matter", fields, json));
  }

  private static void put(
      byte[] frame,
      int at,
      String name,
      String unit,
      List<Field> fields,
      Map<String, Object> json) {
    int value = PmsCodec.word(frame, at);
    json.put(name, (long) value);
    fields.add(new Field(at, 2, name, value + unit));
  }
}
