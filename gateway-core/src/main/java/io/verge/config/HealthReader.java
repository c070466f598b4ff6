package io.verge.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code [health]}. */
final class HealthReader {
  private static final long MINUTE = 60_000;
  private static final long DAY = 1_440 * MINUTE;
  private static final int PORT_MAX = 65_535;

  private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";

  /** No name that somebody would have to look up. */
  private static final Pattern ADDRESS =
      Pattern.compile("(" + OCTET + "(?:\\." + OCTET + "){3}|\\[[0-9a-fA-F:]{2,45}]):(\\d{1,5})");

  private HealthReader() {}

  static SiteConfig.Health health(TomlSettings table) {
    return new SiteConfig.Health(
        table.flag("deliver", true),
        table.millis("every", MINUTE, DAY, 15 * MINUTE),
        metrics(table));
  }

  private static @Nullable InetSocketAddress metrics(TomlSettings table) {
    if (!table.has("metrics")) {
      return null;
    }
    String text = table.text("metrics", null);
    Matcher parts = ADDRESS.matcher(text);
    try {
      int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
      if (port < 1 || port > PORT_MAX) {
        table.reject("metrics", "found \"" + text + "\"", "expected \"127.0.0.1:PORT\"");
        return null;
      }
      InetAddress address = InetAddress.getByName(parts.group(1));
      if (!address.isLoopbackAddress()) {
        table.reject(
            "metrics",
            "\"" + text + "\" can be reached from elsewhere, and asks nobody who he is",
            "expected a loopback address, \"127.0.0.1:PORT\" or \"[::1]:PORT\"");
        return null;
      }
      return new InetSocketAddress(address, port);
    } catch (UnknownHostException e) {
      table.reject("metrics", "found \"" + text + "\"", "expected \"127.0.0.1:PORT\"");
      return null;
    }
  }
}
