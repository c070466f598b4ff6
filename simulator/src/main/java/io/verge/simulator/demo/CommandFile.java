package io.verge.simulator.demo;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.ToNumberPolicy;
import io.verge.model.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A command in JSON: {@code {"id":"…","target":"gateway","op":"update","args":{…}}}. */
final class CommandFile {
  private static final Gson GSON =
      new GsonBuilder().setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE).create();

  private record Text(
      @Nullable String id,
      @Nullable String target,
      @Nullable String op,
      @Nullable Map<String, Object> args) {}

  private CommandFile() {}

  /**
   * @throws IOException if it cannot be read, or is no such command.
   */
  static Command read(Path file) throws IOException {
    Text text;
    try {
      text = GSON.fromJson(Files.readString(file), Text.class);
    } catch (JsonParseException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
    if (text == null || text.id() == null || text.target() == null || text.op() == null) {
      throw new IOException(file + ": id, target and op are required");
    }
    Map<String, Object> args = text.args() == null ? Map.of() : text.args();
    return new Command(
        text.id(), text.target(), text.op(), args, System.currentTimeMillis(), 0, "backend");
  }
}
