package io.verge.config;

import io.verge.uplink.UplinkSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code [hawkbit]}. */
final class HawkbitReader {
  /** What stands in a path as it is. */
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  private static final List<String> KEYS =
      List.of("url", "tenant", "controller", "token_file", "uplink");

  private HawkbitReader() {}

  static SiteConfig.@Nullable Hawkbit read(
      TomlSettings table, NamedFiles files, String gateway, List<UplinkSettings> uplinks) {
    List<String> given = KEYS.stream().filter(table::has).toList();
    if (given.isEmpty()) {
      return null;
    }
    URI server = server(table, table.text("url", null));
    String tenant = segment(table, "tenant", "DEFAULT");
    String controller = segment(table, "controller", gateway);
    table.text("token_file", null);
    Path token = UplinkReader.readable(table, files, "token_file", true);
    String uplink = table.text("uplink", uplinks.isEmpty() ? "" : uplinks.get(0).name());
    if (uplinks.stream().noneMatch(one -> one.name().equals(uplink))) {
      table.reject(
          "uplink",
          "no uplink is named \"" + uplink + "\"",
          "expected one of " + uplinks.stream().map(UplinkSettings::name).toList());
    }
    return server == null || token == null
        ? null
        : new SiteConfig.Hawkbit(server, tenant, controller, token, uplink);
  }

  private static @Nullable URI server(TomlSettings table, String url) {
    if (!table.has("url")) {
      return null;
    }
    try {
      URI server = new URI(url);
      boolean isWeb = "https".equals(server.getScheme()) || "http".equals(server.getScheme());
      if (isWeb
          && server.getHost() != null
          && server.getUserInfo() == null
          && server.getQuery() == null) {
        return server;
      }
    } catch (URISyntaxException e) {
      table.reject("url", String.valueOf(e.getMessage()), "for example https://updates.example");
      return null;
    }
    table.reject("url", "found \"" + url + "\"", "expected https://host, or https://host/path");
    return null;
  }

  private static String segment(TomlSettings table, String key, String usual) {
    String text = table.text(key, usual);
    if (!SEGMENT.matcher(text).matches()) {
      table.reject(key, "found \"" + text + "\"", "expected letters, digits and . _ ~ -");
    }
    return text;
  }
}
