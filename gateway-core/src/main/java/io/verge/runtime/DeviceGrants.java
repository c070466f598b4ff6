package io.verge.runtime;

import io.verge.config.FileTrouble;
import io.verge.time.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the devices of a configuration's ports where the service may open none by itself: writes
 * them, one a line, where the package's {@code verge-devices.path} looks, and waits until they
 * stand in the list of what was granted. Main thread.
 */
final class DeviceGrants {
  /** File with what is granted; set in {@code verge.service}, and nowhere else. */
  static final String GRANTED = "VERGE_DEVICES";

  private static final int ASKS = 3;
  private static final long WITHIN_NANOS = 2_000_000_000L;
  private static final long LOOK_NANOS = 20_000_000L;
  private static final long GRANTED_BYTES_MAX = 64 << 10;

  private final @Nullable Path granted;
  private final Path wanted;
  private final WholeFiles disk;
  private final Ticker ticker;

  /**
   * @param environment of this process.
   * @param data folder of the store, where the wish is written.
   */
  DeviceGrants(Map<String, String> environment, Path data, WholeFiles disk, Ticker ticker) {
    String file = environment.get(GRANTED);
    this.granted = file == null || file.isEmpty() ? null : Path.of(file);
    this.wanted = data.resolve("devices");
    this.disk = disk;
    this.ticker = ticker;
  }

  /**
   * @param devices as {@code DeviceAllow=} takes them.
   * @return what is wrong; empty: all were granted, or nobody grants any here.
   */
  String ask(List<String> devices) {
    Path answer = granted;
    if (answer == null) {
      return "";
    }
    try {
      byte[] wish = String.join("\n", devices).concat("\n").getBytes(StandardCharsets.UTF_8);
      boolean isNew = !Files.exists(wanted) || !Arrays.equals(Files.readAllBytes(wanted), wish);
      List<String> missing = missing(answer, devices);
      // The change of the file is what is noticed, so a wish that was not heard is written again.
      for (int asked = 0; (asked == 0 && isNew) || asked < ASKS && !missing.isEmpty(); asked++) {
        disk.write(wanted, wish);
        missing = awaited(answer, devices);
      }
      return missing.isEmpty()
          ? ""
          : "not granted: "
              + String.join(", ", missing)
              + "; root names what is no serial port or GPIO chip in /etc/verge/devices; see:"
              + " journalctl -u verge-devices";
    } catch (IOException e) {
      return "the devices of its ports cannot be asked for: " + FileTrouble.why(e);
    }
  }

  private List<String> awaited(Path answer, List<String> devices) throws IOException {
    long untilNanos = ticker.nanos() + WITHIN_NANOS;
    List<String> missing = missing(answer, devices);
    while (!missing.isEmpty() && ticker.nanos() - untilNanos < 0) {
      ticker.sleepUntil(ticker.nanos() + LOOK_NANOS);
      missing = missing(answer, devices);
    }
    return missing;
  }

  private static List<String> missing(Path answer, List<String> devices) throws IOException {
    List<String> missing = new ArrayList<>(devices);
    if (Files.exists(answer) && Files.size(answer) <= GRANTED_BYTES_MAX) {
      missing.removeAll(Files.readAllLines(answer, StandardCharsets.US_ASCII));
    }
    return missing;
  }
}
