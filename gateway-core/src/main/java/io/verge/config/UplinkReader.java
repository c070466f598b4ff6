package io.verge.config;

import io.verge.uplink.Line;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads uplinks, and looks at the files they name. */
final class UplinkReader {
  private static final long DAY = 86_400_000L;

  private final NamedFiles files;
  private final Set<String> uplinkSchemes;
  private final String gateway;
  private final Set<String> configuring = new HashSet<>();

  UplinkReader(NamedFiles files, Set<String> schemes, String gateway) {
    this.files = files;
    this.uplinkSchemes = schemes;
    this.gateway = gateway;
  }

  /** Names of the uplinks read so far whose back end may change the configuration. */
  Set<String> configuring() {
    return Set.copyOf(configuring);
  }

  List<UplinkSettings> uplinks(List<TomlSettings> tables) {
    List<UplinkSettings> uplinks = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (TomlSettings uplink : tables) {
      Ids.unique(uplink, names, "name", Ids.id(uplink, "name"));
      UplinkSettings read = uplink(uplink);
      if (uplink.flag("configure", false)) {
        configuring.add(uplink.text("name", ""));
      }
      if (read != null) {
        uplinks.add(read);
      }
    }
    return uplinks;
  }

  private @Nullable UplinkSettings uplink(TomlSettings table) {
    table.has("hold"); // read with the store, whose space it is about
    String url = table.text("url", null);
    URI uri = null;
    try {
      uri = new URI(url);
      if (table.has("url")
          && (uri.getScheme() == null || !uplinkSchemes.contains(uri.getScheme()))) {
        table.reject(
            "url",
            "found \"" + url + "\"",
            "expected one of " + new java.util.TreeSet<>(uplinkSchemes) + " before ://");
      } else if (table.has("url") && uri.getHost() == null) {
        table.reject("url", "no host in \"" + url + "\"", "for example mqtts://city.example");
      }
    } catch (URISyntaxException e) {
      table.reject("url", String.valueOf(e.getMessage()), "for example mqtts://city.example:8883");
    }
    Path ca = readable(table, "ca", false);
    Path certificate = readable(table, "certificate", false);
    Path key = readable(table, "key", true);
    if ((certificate == null) != (key == null)) {
      table.reject(
          certificate == null ? "key" : "certificate",
          "certificate and key go together",
          "give both or none");
    }
    Path password = readable(table, "password_file", true);
    Path psk = readable(table, "psk_file", true);
    String user = table.has("user") ? table.text("user", null) : null;
    String identity = table.has("psk_identity") ? table.text("psk_identity", null) : null;
    credentials(table, uri == null ? "" : String.valueOf(uri.getScheme()));
    UplinkSettings.Codec codec =
        UplinkSettings.Codec.of(table.word("codec", UplinkSettings.Codec.WORDS, "verge"));
    boolean foreign = codec != UplinkSettings.Codec.VERGE;
    boolean byBroker =
        table
            .word("ack", List.of("application", "broker"), foreign ? "broker" : "application")
            .equals("broker");
    if (foreign && !byBroker) {
      table.reject(
          "ack", "\"application\" with codec " + codec.word(), "only protocol v1 has such acks");
    }
    UplinkSettings.Foreign other = CodecReader.read(table, codec, gateway);
    if (foreign && uri != null && !String.valueOf(uri.getScheme()).startsWith("mqtt")) {
      table.reject("codec", codec.word() + " over " + uri.getScheme(), "it goes over MQTT only");
    }
    List<URI> also = UplinkServers.also(table, uri);
    String topic = topic(table, foreign);
    long ackTimeout = table.millis("ack_timeout", 1_000, DAY, 60_000L);
    long keepAlive = table.millis("keep_alive", 5_000, DAY, 60_000L);
    Path proxyPassword = readable(table, "proxy_password_file", true);
    String scheme = uri == null ? "" : String.valueOf(uri.getScheme());
    Line line = LineReader.read(table, scheme, codec, byBroker, keepAlive, proxyPassword);
    return uri == null
        ? null
        : new UplinkSettings(
            table.text("name", ""),
            gateway,
            uri,
            ca,
            certificate,
            key,
            user,
            password,
            identity,
            psk,
            ackTimeout,
            keepAlive,
            byBroker,
            codec,
            topic,
            other,
            also,
            line);
  }

  private @Nullable String topic(TomlSettings table, boolean foreign) {
    if (!table.has("topic")) {
      return null;
    }
    String topic = table.text("topic", "");
    if (!foreign) {
      table.reject("topic", "with codec verge", "protocol v1 has topics of its own");
    } else if (!topic.matches("[^+#$\\x00-\\x1F][^+#\\x00-\\x1F]{0,254}")) {
      table.reject("topic", "found \"" + topic + "\"", "expected for example city/street/senml");
    }
    return topic;
  }

  /** Which ways to say who one is go with which scheme, and with each other. */
  private void credentials(TomlSettings table, String scheme) {
    boolean psk = table.has("psk_file");
    if (psk != table.has("psk_identity")) {
      table.reject(
          psk ? "psk_identity" : "psk_file",
          "psk_identity and psk_file go together",
          "give both or none");
    } else if (psk && !scheme.equals("coaps")) {
      table.reject("psk_file", "a pre-shared key is for coaps://", "take it out");
    } else if (psk && table.has("certificate")) {
      table.reject("psk_file", "a key and a certificate", "give one of both");
    }
    for (String key : List.of("user", "password_file")) {
      if (table.has(key) && scheme.startsWith("coap")) {
        table.reject(key, "CoAP has no users", "use psk_identity or certificate");
      }
    }
    for (String key : List.of("ca", "certificate")) {
      if (table.has(key) && scheme.equals("coap")) {
        table.reject(key, "coap:// is not encrypted", "use coaps://");
      }
    }
  }

  private @Nullable Path readable(TomlSettings table, String key, boolean secret) {
    return readable(table, files, key, secret);
  }

  /**
   * The file that a key names, or null.
   *
   * @param secret it must not be readable by everyone.
   */
  static @Nullable Path readable(TomlSettings table, NamedFiles files, String key, boolean secret) {
    if (!table.has(key)) {
      return null;
    }
    String name = table.text(key, "");
    if (!files.problem(name).isEmpty()) {
      table.reject(key, "found \"" + name + "\"", files.problem(name));
      return null;
    }
    Path path = files.of(name);
    if (!files.isOutOfSight(name)) {
      look(table, key, path, secret);
    }
    return path;
  }

  private static void look(TomlSettings table, String key, Path path, boolean secret) {
    if (!Files.isReadable(path)) {
      table.reject(
          key,
          path + " cannot be read",
          "is it there? Only root may look into secrets/; the service takes them when it starts");
    } else if (secret) {
      try {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(path);
        if (mode.contains(PosixFilePermission.OTHERS_READ)) {
          table.reject(
              key,
              path + " can be read by everyone (" + PosixFilePermissions.toString(mode) + ")",
              "chmod o= " + path);
        }
      } catch (IOException e) {
        table.reject(key, path + ": " + e.getMessage(), "");
      }
    }
  }
}
