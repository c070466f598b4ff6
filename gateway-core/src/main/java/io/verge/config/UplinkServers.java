package io.verge.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the servers that an uplink turns to when its first one will not do. */
final class UplinkServers {
  private static final String KEY = "also";

  private static final int MOST = 8;

  private UplinkServers() {}

  /** In the order given; of the scheme of {@code first}, since they share its credentials. */
  static List<URI> also(TomlSettings table, @Nullable URI first) {
    if (!table.has(KEY) || first == null) {
      return List.of();
    }
    List<String> urls = table.texts(KEY, "further servers, tried in this order", List.of());
    if (urls.size() > MOST) {
      table.reject(KEY, "found " + urls.size() + " servers", "at most " + MOST);
      return List.of();
    }
    List<URI> servers = new ArrayList<>();
    for (String url : urls) {
      try {
        URI server = new URI(url);
        if (server.getHost() == null
            || !String.valueOf(first.getScheme()).equals(server.getScheme())) {
          table.reject(
              KEY,
              "found \"" + url + "\" in it",
              "expected " + first.getScheme() + "://host:port, as in url");
        } else if (server.equals(first) || servers.contains(server)) {
          table.reject(KEY, "\"" + url + "\" is there twice", "name each server once");
        } else {
          servers.add(server);
        }
      } catch (URISyntaxException e) {
        table.reject(
            KEY, String.valueOf(e.getMessage()), "for example [\"mqtts://b.city.example:8883\"]");
      }
    }
    return servers;
  }
}
