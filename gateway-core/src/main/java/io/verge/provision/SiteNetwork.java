package io.verge.provision;

import io.verge.config.SiteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The wired line as a site file wants it, in the form of systemd.network(5). On an image systemd
 * reads it by a link from {@code /etc/systemd/network}; elsewhere nobody does.
 */
final class SiteNetwork {
  private final Path file;

  SiteNetwork(Path file) {
    this.file = file;
  }

  /** Replaces what an earlier site file wanted; null: nothing changes. */
  void replace(SiteFile.@Nullable Network network) throws IOException {
    if (network != null) {
      UpdateKeys.write(file, text(network).getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static String text(SiteFile.Network network) {
    StringBuilder text =
        new StringBuilder("# Made by verge provision.\n[Match]\nName=en* eth*\n\n[Network]\n");
    text.append("DHCP=").append(network.address() == null ? "yes" : "no").append('\n');
    line(text, "Address", network.address());
    line(text, "Gateway", network.router());
    network.dns().forEach(server -> line(text, "DNS", server));
    network.ntp().forEach(server -> line(text, "NTP", server));
    return text.append("LLMNR=no\nMulticastDNS=no\n").toString();
  }

  private static void line(StringBuilder text, String key, @Nullable String value) {
    if (value != null) {
      text.append(key).append('=').append(value).append('\n');
    }
  }
}
