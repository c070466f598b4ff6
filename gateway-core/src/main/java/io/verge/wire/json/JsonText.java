package io.verge.wire.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import com.google.gson.internal.LazilyParsedNumber;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.verge.bytes.Decoded;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON (RFC 8259) as Map, List, String, Long, Double, Boolean and null. */
public final class JsonText {
  /** Longest message: commands and replies of a few hundred bytes. */
  public static final int BYTES_MAX = 64 * 1024;

  private static final int DEPTH_MAX = 8;
  private static final int VALUES_MAX = 1000;
  private static final int NUMBER_MAX = 40;
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();

  private final JsonReader in;
  private int values;

  private JsonText(JsonReader in) {
    this.in = in;
  }

  /** A number written with exactly its decimals: 600 with one decimal is 60.0. */
  public static Number decimal(long value, int decimals) {
    return decimals == 0
        ? (Number) value
        : new LazilyParsedNumber(BigDecimal.valueOf(value, decimals).toPlainString());
  }

  /**
   * @param value of the types of the class comment, or of {@link #decimal}.
   */
  public static byte[] write(Map<String, ?> value) {
    return GSON.toJson(value).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads an object from outside. */
  @SuppressWarnings("unchecked") // maps are made here, with text keys only
  public static Decoded<Map<String, @Nullable Object>> read(byte[] message) {
    if (message.length > BYTES_MAX) {
      return Decoded.invalid(
          "JSON of " + message.length + " bytes, expected at most " + BYTES_MAX, 0);
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(message)).toString();
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(DEPTH_MAX);
      Object value = new JsonText(reader).value();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        return Decoded.invalid("something after the end of the object", 0);
      }
      return value instanceof Map<?, ?> map
          ? Decoded.valid((Map<String, @Nullable Object>) map)
          : Decoded.invalid("not a JSON object", 0);
    } catch (CharacterCodingException e) {
      return Decoded.invalid("not UTF-8", 0);
    } catch (MalformedJsonException e) {
      return Decoded.invalid("not JSON: " + firstLine(e), 0);
    } catch (IOException | NumberFormatException | IllegalStateException e) {
      return Decoded.invalid("not JSON: " + firstLine(e), 0);
    }
  }

  private static String firstLine(Exception e) {
    String text = String.valueOf(e.getMessage());
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  private @Nullable Object value() throws IOException {
    if (++values > VALUES_MAX) {
      throw new MalformedJsonException("more than " + VALUES_MAX + " values");
    }
    switch (in.peek()) {
      case BEGIN_OBJECT:
        return object();
      case BEGIN_ARRAY:
        return array();
      case STRING:
        return in.nextString();
      case NUMBER:
        return number(in.nextString());
      case BOOLEAN:
        return in.nextBoolean();
      case NULL:
        in.nextNull();
        return null;
      default:
        throw new MalformedJsonException("no value");
    }
  }

  private Map<String, @Nullable Object> object() throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      if (map.containsKey(name)) {
        throw new MalformedJsonException("a key twice");
      }
      map.put(name, value());
    }
    in.endObject();
    return map;
  }

  private List<@Nullable Object> array() throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    in.beginArray();
    while (in.hasNext()) {
      list.add(value());
    }
    in.endArray();
    return list;
  }

  private static Object number(String digits) throws MalformedJsonException {
    if (digits.length() > NUMBER_MAX) {
      throw new MalformedJsonException("number of " + digits.length() + " characters");
    }
    return digits.matches("-?[0-9]{1,18}") ? (Object) Long.valueOf(digits) : Double.valueOf(digits);
  }
}
