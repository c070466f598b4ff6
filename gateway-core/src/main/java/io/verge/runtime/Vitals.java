package io.verge.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux tells of the computer's load and memory in {@code /proc}; empty where it does not. */
final class Vitals {
  private static final int BYTES_MAX = 16 << 10;
  private static final Pattern LOAD =
      Pattern.compile(
          "\\d{1,6}\\.\\d\\d \\d{1,6}\\.\\d\\d (\\d{1,6})\\.(\\d\\d) .*", Pattern.DOTALL);
  private static final Pattern UPTIME = Pattern.compile("(\\d{1,12})\\.\\d+ .*", Pattern.DOTALL);

  private final Path proc;

  /**
   * @param root of the file system; {@code /} but in tests.
   */
  Vitals(Path root) {
    proc = root.resolve("proc");
  }

  /** Mean of the last 15 minutes in hundredths (proc_loadavg(5)). */
  OptionalLong load() {
    Matcher found = LOAD.matcher(text("loadavg"));
    return found.matches()
        ? OptionalLong.of(100 * Long.parseLong(found.group(1)) + Long.parseLong(found.group(2)))
        : OptionalLong.empty();
  }

  /** {@code MemAvailable} of {@code MemTotal} in thousandths (proc_meminfo(5)). */
  OptionalLong memoryFree() {
    String info = text("meminfo");
    long total = kibibytes(info, "MemTotal");
    long free = kibibytes(info, "MemAvailable");
    return total <= 0 || free < 0 || free > total
        ? OptionalLong.empty()
        : OptionalLong.of(free * 1000 / total);
  }

  /** Minutes since the kernel started (proc_uptime(5)). */
  OptionalLong uptime() {
    Matcher found = UPTIME.matcher(text("uptime"));
    return found.matches()
        ? OptionalLong.of(Long.parseLong(found.group(1)) / 60)
        : OptionalLong.empty();
  }

  private static long kibibytes(String info, String name) {
    Matcher found = Pattern.compile("(?m)^" + name + ": +(\\d{1,15}) kB$").matcher(info);
    return found.find() ? Long.parseLong(found.group(1)) : -1;
  }

  /** A file of {@code /proc}; what can't be read says nothing. */
  private String text(String name) {
    try (InputStream in = Files.newInputStream(proc.resolve(name))) {
      return new String(in.readNBytes(BYTES_MAX), StandardCharsets.US_ASCII);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
