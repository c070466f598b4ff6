package io.verge.config;

import io.verge.uplink.Line;
import io.verge.uplink.UplinkSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads by what an uplink goes, and what that may cost. */
final class LineReader {
  private static final long DAY = 86_400_000L;
  private static final long LEAST_BUDGET = 1_000_000;
  private static final long KEEP_ALIVE_MOST = 1_200_000L;
  private static final List<String> PROXIES = List.of("http", "socks5");

  private LineReader() {}

  /**
   * @param scheme of the uplink's address.
   * @param ackByBroker whether a PUBACK is the ack.
   * @param keepAliveMs as configured.
   * @param proxyPassword the file, already looked at, or null.
   */
  static Line read(
      TomlSettings table,
      String scheme,
      UplinkSettings.Codec codec,
      boolean ackByBroker,
      long keepAliveMs,
      @Nullable Path proxyPassword) {
    boolean isMqtt = isMqtt(scheme);
    long budget =
        table.has("budget") ? table.bytes("budget", LEAST_BUDGET, 1L << 50, LEAST_BUDGET) : 0;
    int day = (int) table.integer("budget_day", 1, 28, 1L);
    boolean whenNeeded =
        table.word("connect", List.of("always", "when-needed"), "always").equals("when-needed");
    boolean hasEvery = table.has("connect_every");
    long every = hasEvery ? table.millis("connect_every", 60_000, DAY, DAY / 4) : DAY / 4;
    if (hasEvery && !whenNeeded) {
      table.reject("connect_every", "with connect = \"always\"", "connect = \"when-needed\"");
    }
    long most = keepAliveMost(table, scheme, codec, keepAliveMs);
    int liveQos = liveQos(table, scheme, codec, ackByBroker);
    URI proxy = proxy(table);
    String user = proxy == null ? null : proxy.getUserInfo();
    if (proxyPassword != null && user == null) {
      table.reject("proxy_password_file", "without a user", "for example http://gw-1@proxy:3128");
    }
    String by = table.has("interface") ? table.text("interface", "") : "";
    if (!by.isEmpty() && !by.matches("[A-Za-z0-9._@:-]{1,15}")) {
      table.reject("interface", "found \"" + by + "\"", "a name as in ip link, for example wwan0");
    }
    for (String key : List.of("proxy", "interface")) {
      if (!isMqtt && table.has(key)) {
        table.reject(key, "with " + scheme, "it is for MQTT only");
      }
    }
    return new Line(budget, day, whenNeeded ? every : 0, most, proxy, proxyPassword, by, liveQos);
  }

  private static boolean isMqtt(String scheme) {
    return scheme.isEmpty() || scheme.startsWith("mqtt");
  }

  /**
   * Learned where nobody says otherwise, but not where a late will leaves values that look fresh.
   */
  private static long keepAliveMost(
      TomlSettings table, String scheme, UplinkSettings.Codec codec, long keepAliveMs) {
    boolean isGiven = table.has("keep_alive_max");
    long most = table.millis("keep_alive_max", 5_000, DAY, KEEP_ALIVE_MOST);
    if (!isGiven) {
      boolean learns = isMqtt(scheme) && codec != UplinkSettings.Codec.SPARKPLUG_B;
      return learns ? Math.max(keepAliveMs, most) : 0;
    }
    if (!isMqtt(scheme)) {
      table.reject("keep_alive_max", "with " + scheme, "it is learned over MQTT only");
    } else if (most < keepAliveMs) {
      table.reject("keep_alive_max", "shorter than keep_alive", "expected at least keep_alive");
    }
    return most;
  }

  private static int liveQos(
      TomlSettings table, String scheme, UplinkSettings.Codec codec, boolean ackByBroker) {
    int qos = (int) table.integer("live_qos", 0, 1, 0L);
    if (table.has("live_qos") && !isMqtt(scheme)) {
      table.reject("live_qos", "with " + scheme, "it is for MQTT only");
    } else if (table.has("live_qos") && (codec != UplinkSettings.Codec.VERGE || ackByBroker)) {
      table.reject("live_qos", "where PUBACK is the ack", "it is for ack = \"application\"");
    }
    return qos;
  }

  private static @Nullable URI proxy(TomlSettings table) {
    if (!table.has("proxy")) {
      return null;
    }
    String text = table.text("proxy", "");
    try {
      URI proxy = new URI(text);
      if (proxy.getHost() == null
          || proxy.getPort() < 1
          || proxy.getScheme() == null
          || !PROXIES.contains(proxy.getScheme())) {
        table.reject(
            "proxy",
            "found \"" + text + "\"",
            "expected http://host:port or socks5://host:port, with user@ before the host if needed");
        return null;
      }
      if (proxy.getUserInfo() != null && proxy.getUserInfo().contains(":")) {
        table.reject("proxy", "a password in it", "put it into a file: proxy_password_file");
      }
      return proxy;
    } catch (URISyntaxException e) {
      table.reject("proxy", String.valueOf(e.getMessage()), "for example http://10.0.0.1:3128");
      return null;
    }
  }
}
