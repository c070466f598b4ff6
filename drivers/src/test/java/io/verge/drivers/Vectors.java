package io.verge.drivers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Bulk frames beside the checkout; where there are none, the test is skipped. */
public final class Vectors {
  private Vectors() {}

  public static List<JsonObject> of(String name) {
    Path file = Path.of(System.getProperty("verge.root", ".."), "..", "shared", "vectors", name);
    assumeTrue(Files.exists(file), "no bulk frames beside the checkout");
    try {
      return Files.readAllLines(file).stream()
          .map(line -> JsonParser.parseString(line).getAsJsonObject())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
