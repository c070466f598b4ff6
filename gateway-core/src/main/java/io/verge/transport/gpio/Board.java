package io.verge.transport.gpio;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which board this is.
 *
 * @param model as the device tree tells it; empty where there is none.
 */
record Board(String model) {
  private static final Path MODEL = Path.of("/proc/device-tree/model");
  private static final int MODEL_MAX = 256;

  static Board here() {
    return of(MODEL);
  }

  static Board of(Path model) {
    try {
      byte[] bytes = Files.readAllBytes(model);
      String text =
          new String(bytes, 0, Math.min(bytes.length, MODEL_MAX), StandardCharsets.US_ASCII);
      return new Board(text.replace("\0", "").strip());
    } catch (IOException absent) {
      return new Board("");
    }
  }

  boolean isRaspberryPi() {
    return model.startsWith("Raspberry Pi");
  }
}
