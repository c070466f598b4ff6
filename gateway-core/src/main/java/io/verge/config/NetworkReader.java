package io.verge.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code [network]} of a site file; nothing is looked up. */
final class NetworkReader {
  private static final int SERVERS_MAX = 4;
  private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final String IPV4 = BYTE + "(?:\\." + BYTE + "){3}";
  private static final String IPV6 = "[0-9a-fA-F:.]{2,45}";
  private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?";

  private NetworkReader() {}

  static SiteFile.Network read(TomlSettings network) {
    String address = optional(network, "address");
    if (address != null && !isWithPrefix(address)) {
      network.reject(
          "address",
          "found \"" + address + "\"",
          "expected an address with the length of its prefix, \"192.0.2.10/24\"");
    }
    String router = optional(network, "router");
    if (router != null && !isAddress(router)) {
      network.reject("router", "found \"" + router + "\"", "expected an address, \"192.0.2.1\"");
    } else if (router != null && address == null) {
      network.reject("router", "is given without address", "by DHCP the router is told");
    }
    return new SiteFile.Network(
        address, router, servers(network, "dns", false), servers(network, "ntp", true));
  }

  private static List<String> servers(TomlSettings network, String key, boolean mayBeName) {
    if (!network.has(key)) {
      return List.of();
    }
    String expected =
        mayBeName
            ? "array of names or addresses, [\"ntp.city.example\"]"
            : "array of addresses, [\"192.0.2.53\"]";
    List<String> servers = network.texts(key, expected, null);
    if (servers.size() > SERVERS_MAX) {
      network.reject(key, "found " + servers.size(), "expected at most " + SERVERS_MAX);
    }
    for (String server : servers) {
      if (!isAddress(server) && !(mayBeName && server.matches(NAME))) {
        network.reject(key, "found \"" + server + "\" in it", "expected " + expected);
      }
    }
    return servers;
  }

  private static boolean isWithPrefix(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      return false;
    }
    String address = text.substring(0, slash);
    int length = Integer.parseInt(text.substring(slash + 1));
    return isAddress(address) && length >= 1 && length <= (address.contains(":") ? 128 : 32);
  }

  private static boolean isAddress(String text) {
    if (text.matches(IPV4)) {
      return true;
    }
    if (!text.contains(":") || !text.matches(IPV6)) {
      return false;
    }
    try {
      // A text with a colon is taken as an address or refused, and never asked for in the DNS.
      return InetAddress.getByName(text).getAddress().length > 0;
    } catch (UnknownHostException notAnAddress) {
      return false;
    }
  }

  private static @Nullable String optional(TomlSettings table, String key) {
    return table.has(key) ? table.text(key, null) : null;
  }
}
