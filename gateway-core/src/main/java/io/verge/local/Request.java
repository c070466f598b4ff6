package io.verge.local;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One line from a client, checked. */
record Request(long id, String word, JsonObject args) {
  private static final Gson GSON = new Gson();

  /** A line that is no request; answered, never fatal. */
  static final class Unreadable extends Exception {
    private final long id;
    private final String code;

    Unreadable(long id, String code, String message) {
      super(message);
      this.id = id;
      this.code = code;
    }

    long id() {
      return id;
    }

    String code() {
      return code;
    }

    String sentence() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * @param line without its newline.
   */
  static Request parse(byte[] line) throws Unreadable {
    if (!(json(line) instanceof JsonObject object)) {
      throw new Unreadable(0, Protocol.BAD_REQUEST, "a request is one JSON object a line");
    }
    long id = number(object, "id", 0, 0, 0, Long.MAX_VALUE);
    long version = number(object, "v", id, -1, Long.MIN_VALUE, Long.MAX_VALUE);
    if (version != Protocol.VERSION) {
      throw new Unreadable(
          id, Protocol.UNKNOWN_VERSION, "this gateway speaks version " + Protocol.VERSION);
    }
    JsonElement args = object.get("args");
    if (args != null && !args.isJsonObject()) {
      throw new Unreadable(id, Protocol.BAD_REQUEST, "\"args\" is not an object");
    }
    Request shell = new Request(id, "", object);
    return new Request(
        id, shell.text("do"), args == null ? new JsonObject() : args.getAsJsonObject());
  }

  boolean has(String key) {
    return args.has(key) && !args.get(key).isJsonNull();
  }

  String text(String key) throws Unreadable {
    if (args.get(key) instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }
    throw new Unreadable(id, Protocol.BAD_REQUEST, "\"" + key + "\" is not a text");
  }

  long number(String key, long least, long most) throws Unreadable {
    if (!has(key)) {
      throw new Unreadable(id, Protocol.BAD_REQUEST, "\"" + key + "\" is missing");
    }
    return number(args, key, id, 0, least, most);
  }

  boolean flag(String key) throws Unreadable {
    if (!has(key)) {
      return false;
    }
    if (args.get(key) instanceof JsonPrimitive value && value.isBoolean()) {
      return value.getAsBoolean();
    }
    throw new Unreadable(id, Protocol.BAD_REQUEST, "\"" + key + "\" is not true or false");
  }

  TargetPattern pattern(String key) throws Unreadable {
    try {
      return TargetPattern.parse(text(key));
    } catch (IllegalArgumentException e) {
      throw new Unreadable(id, Protocol.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private static long number(
      JsonObject object, String key, long id, long absent, long least, long most)
      throws Unreadable {
    JsonElement element = object.get(key);
    if (element == null) {
      return absent;
    }
    if (element instanceof JsonPrimitive value && value.isNumber()) {
      try {
        long number = Long.parseLong(value.getAsString());
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw new Unreadable(id, Protocol.BAD_REQUEST, "\"" + key + "\" is not a whole number");
      }
    }
    throw new Unreadable(
        id, Protocol.BAD_REQUEST, "\"" + key + "\" is not a number from " + least + " to " + most);
  }

  /** Strict JSON; Gson's reader bounds the nesting (255 levels). */
  private static JsonElement json(byte[] line) throws Unreadable {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
      JsonReader reader = new JsonReader(new StringReader(text));
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = GSON.getAdapter(JsonElement.class).read(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new Unreadable(0, Protocol.BAD_REQUEST, "more than one value in a line");
      }
      return element;
    } catch (CharacterCodingException e) {
      throw new Unreadable(0, Protocol.BAD_REQUEST, "not UTF-8");
    } catch (MalformedJsonException | EOFException | JsonParseException e) {
      throw new Unreadable(0, Protocol.BAD_REQUEST, "not JSON");
    } catch (IOException e) {
      throw new IllegalStateException("reading from memory", e);
    }
  }
}
