package io.verge.config;

import io.verge.autonomy.Place;
import io.verge.autonomy.PlanGroup;
import io.verge.autonomy.Rule;
import io.verge.bytes.Decoded;
import io.verge.driver.Driver;
import io.verge.driver.DriverFactory;
import io.verge.driver.LineDriver;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.transport.PortUri;
import io.verge.transport.TransportProvider;
import io.verge.uplink.Line;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads a site's configuration, and tells everything wrong with it at once. */
public final class ConfigReader {
  private static final long BYTES_MAX = 1 << 20;
  private static final String ID = "[a-z0-9][a-z0-9._-]{0,39}";
  private static final String ID_HINT =
      "expected 1 to 40 of a-z 0-9 . _ - beginning with a letter or digit";
  private static final long DAY = 86_400_000L;
  private static final List<String> SHED = List.of("oldest", "newest", "thin");

  /**
   * What a reading found: a configuration, or problems.
   *
   * @param entries every key asked for, with the value that holds; empty if the file is no TOML.
   */
  public record Result(@Nullable SiteConfig config, List<Problem> problems, List<Entry> entries) {}

  private final Map<String, DriverFactory> factories = new TreeMap<>();
  private final Map<String, TransportProvider> transports = new TreeMap<>();
  private final Set<String> uplinkSchemes;

  public ConfigReader(
      List<DriverFactory> factories, List<TransportProvider> transports, Set<String> schemes) {
    factories.forEach(factory -> this.factories.put(factory.family(), factory));
    transports.forEach(transport -> this.transports.put(transport.scheme(), transport));
    this.uplinkSchemes = Set.copyOf(schemes);
  }

  public Result read(Path file) {
    Problems problems = new Problems();
    String name = String.valueOf(file.getFileName());
    SiteConfig config = null;
    List<Entry> entries = List.of();
    try {
      if (Files.size(file) > BYTES_MAX) {
        problems.add(new Problem(name, 1, 1, "", "larger than 1 MiB", "is it the right file?"));
      } else {
        TomlParseResult toml =
            Toml.parse(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        syntax(name, toml, problems);
        if (problems.isEmpty()) {
          TomlSettings root = new TomlSettings(problems, name, toml, "", 1, 1);
          config = new Reading(file, problems).site(root);
          entries = root.entries();
        }
      }
    } catch (IOException e) {
      problems.add(new Problem(name, 1, 1, "", "cannot be read: " + e.getMessage(), ""));
    }
    return new Result(problems.isEmpty() ? config : null, problems.list(), entries);
  }

  /** Everything wrong with a profile, as if a device named it. */
  public List<Problem> checkProfile(Path file) {
    Problems problems = new Problems();
    String name = String.valueOf(file.getFileName());
    try {
      if (Files.size(file) > BYTES_MAX) {
        problems.add(new Problem(name, 1, 1, "", "larger than 1 MiB", "is it the right file?"));
        return problems.list();
      }
      TomlParseResult toml = Toml.parse(Files.readString(file));
      syntax(name, toml, problems);
      if (problems.isEmpty()) {
        TomlSettings profile = new TomlSettings(problems, name, toml, "", 1, 1);
        TomlParseResult device = Toml.parse("address = 1");
        for (DriverFactory factory : factories.values()) {
          if (factory.needsProfile()) {
            factory.create(new TomlSettings(new Problems(), name, device, "", 1, 1), profile, null);
          }
        }
        profile.finish();
      }
    } catch (IOException e) {
      problems.add(new Problem(name, 1, 1, "", "cannot be read: " + e.getMessage(), ""));
    }
    return problems.list();
  }

  private static void syntax(String name, TomlParseResult toml, Problems problems) {
    for (TomlParseError error : toml.errors()) {
      problems.add(
          new Problem(
              name,
              error.position().line(),
              error.position().column(),
              "",
              String.valueOf(error.getMessage()),
              ""));
    }
  }

  /** One file being read. */
  private final class Reading {
    private final Path folder;
    private final Problems problems;
    private final Map<String, @Nullable TomlParseResult> profiles = new HashMap<>();
    private final Set<String> assets = new HashSet<>();
    private final Map<String, List<String>> operations = new LinkedHashMap<>();
    private final Map<String, List<String>> points = new LinkedHashMap<>();

    Reading(Path file, Problems problems) {
      Path parent = file.toAbsolutePath().getParent();
      this.folder = parent == null ? Path.of("/") : parent;
      this.problems = problems;
    }

    SiteConfig site(TomlSettings root) {
      TomlParseResult none = Toml.parse("");
      TomlSettings site = root.table("site", none);
      String gateway = id(site, "gateway");
      String name = site.text("name", gateway);
      ZoneId zone = PlanReader.zone(site);
      Place place = PlanReader.place(site);
      TomlSettings time = root.table("time", none);
      boolean trust = time.word("trust", List.of("ntp", "system"), "ntp").equals("system");
      TomlSettings local = root.table("local", none);
      Path socket = folder.resolve(local.text("socket", "/run/verge/verge.sock"));
      List<UplinkSettings> uplinks = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (TomlSettings uplink : root.tomlTables("uplink")) {
        unique(uplink, names, "name", id(uplink, "name"));
        UplinkSettings read = uplink(uplink, gateway);
        if (read != null) {
          uplinks.add(read);
        }
      }
      SiteConfig.Store storing = store(root);
      List<SiteConfig.Bus> buses = new ArrayList<>();
      Set<String> ports = new HashSet<>();
      names.clear();
      for (TomlSettings bus : root.tomlTables("bus")) {
        unique(bus, names, "name", id(bus, "name"));
        unique(bus, ports, "port", bus.text("port", null));
        SiteConfig.Bus read = bus(bus);
        if (read != null) {
          buses.add(read);
        }
      }
      List<PlanGroup> groups =
          new PlanReader(operations).groups(root.tomlTables("plan"), place != null);
      SiteConfig.Plan plan =
          new SiteConfig.Plan(place == null ? new Place(0, 0, zone) : place, place != null, groups);
      List<Rule> rules = new RuleReader(points, place != null).rules(root.tomlTables("rule"));
      root.finish();
      return new SiteConfig(gateway, name, trust, storing, socket, uplinks, buses, plan, rules);
    }

    /** After the uplinks, whose hold on the disk is part of it. */
    private SiteConfig.Store store(TomlSettings root) {
      TomlSettings store = root.table("store", Toml.parse(""));
      Set<String> spare = new HashSet<>();
      for (TomlSettings uplink : root.tomlTables("uplink")) {
        if (uplink.word("hold", List.of("disk", "spare"), "disk").equals("spare")) {
          spare.add(uplink.text("name", ""));
        }
      }
      return new SiteConfig.Store(
          store.millis("commit_interval", 100, 60_000, 5_000L),
          store.bytes("max_size", 4L << 20, 1L << 40, 512L << 20),
          store.millis("flush_telemetry", 1_000, DAY, 300_000L),
          store.millis("flush_meter", 1_000, DAY, 900_000L),
          store.word("shed_meter", SHED, "oldest"),
          store.word("shed_telemetry", SHED, "oldest"),
          store.millis("thin_period", 60_000, DAY, 3_600_000L),
          (int) store.integer("event_share", 0, 50, 10L),
          store.bytes("min_free", 0, 1L << 40, 32L << 20),
          spare,
          store.bytes("card_endurance", 0, 1L << 50, 0L));
    }

    private String id(TomlSettings table, String key) {
      String id = table.text(key, null);
      if (table.has(key) && !id.matches(ID)) {
        table.reject(key, "found \"" + id + "\"", ID_HINT);
      }
      return id;
    }

    private void unique(TomlSettings table, Set<String> seen, String key, String value) {
      if (!value.isEmpty() && !seen.add(value)) {
        table.reject(key, "\"" + value + "\" is used twice", "give each its own");
      }
    }

    private @Nullable UplinkSettings uplink(TomlSettings table, String gateway) {
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
        table.reject(
            "url", String.valueOf(e.getMessage()), "for example mqtts://city.example:8883");
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
      Line line = LineReader.read(table, scheme, keepAlive, proxyPassword);
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
      if (!table.has(key)) {
        return null;
      }
      Path path = folder.resolve(table.text(key, ""));
      if (!Files.isReadable(path)) {
        table.reject(key, path + " cannot be read", "does it exist, and may the service read it?");
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
      return path;
    }

    private SiteConfig.@Nullable Bus bus(TomlSettings table) {
      String port = table.text("port", null);
      Decoded<PortUri> parsed = PortUri.parse(port);
      PortUri uri = null;
      TransportProvider transport = null;
      if (parsed instanceof Decoded.Invalid<PortUri> invalid) {
        if (table.has("port")) {
          table.reject("port", invalid.reason(), "");
        }
      } else {
        uri = parsed.orThrow();
        transport = transports.get(uri.scheme());
        if (transport == null) {
          table.reject(
              "port",
              "unknown kind of port '" + uri.scheme() + "'",
              Nearest.hint(uri.scheme(), transports.keySet()));
        } else {
          for (String wrong : transport.check(uri)) {
            table.reject("port", wrong, "");
          }
        }
      }
      int timeout = (int) table.millis("timeout", 10, 10_000, 300L);
      int retries = (int) table.integer("retries", 0, 10, 1L);
      int turnaround = (int) table.millis("turnaround", 1, 5_000, 50L);
      boolean echoes = table.flag("echo", false);
      List<DeviceConfig> devices = new ArrayList<>();
      Set<String> places = new HashSet<>();
      for (TomlSettings device : table.tomlTables("device")) {
        DeviceConfig read = device(device, transport, places);
        if (read != null) {
          devices.add(read);
        }
      }
      return uri == null || transport == null
          ? null
          : new SiteConfig.Bus(
              table.text("name", ""),
              uri,
              transport.hasLines(),
              timeout,
              retries,
              turnaround,
              echoes,
              List.copyOf(devices));
    }

    private @Nullable DeviceConfig device(
        TomlSettings table, @Nullable TransportProvider transport, Set<String> places) {
      String asset = id(table, "asset");
      unique(table, assets, "asset", asset);
      long every = table.millis("every", 100, 7 * DAY, 60_000L);
      String family = table.text("driver", null);
      DriverFactory factory = factories.get(family);
      if (factory == null) {
        if (table.has("driver")) {
          table.reject(
              "driver",
              "unknown driver \"" + family + "\"",
              Nearest.hint(family, factories.keySet()));
        }
        table.skipUnknown();
        return null;
      }
      TomlSettings profile = null;
      if (factory.needsProfile()) {
        profile = profile(table);
        if (profile == null) {
          table.skipUnknown();
          return null;
        }
      }
      String place = factory.place(table);
      if (!place.isEmpty() && !places.add(place)) {
        table.reject("asset", place + " is used twice on this bus", "give each device its own");
      }
      Driver driver = factory.create(table, profile, null);
      if (profile != null) {
        profile.finish();
      }
      if (driver == null) {
        return null;
      }
      if (transport != null && transport.hasLines() != driver instanceof LineDriver) {
        table.reject(
            "driver",
            "\"" + family + "\" sits on " + (factory.needsLines() ? "GPIO lines" : "a byte bus"),
            "this bus is " + (transport.hasLines() ? "a GPIO chip" : "a byte bus"));
      }
      operations.put(asset, driver.operations());
      points.put(asset, driver.points().stream().map(PointType::name).toList());
      String type = factory.typeName(table, profile);
      Lane lane = factory.lane(table, profile);
      return new DeviceConfig(asset, factory, type, lane, every, table, profile);
    }

    private @Nullable TomlSettings profile(TomlSettings table) {
      String name = table.text("profile", null);
      if (!name.matches(ID)) {
        if (table.has("profile")) {
          table.reject("profile", "found \"" + name + "\"", ID_HINT);
        }
        return null;
      }
      if (!profiles.containsKey(name)) {
        profiles.put(name, load(name));
      }
      TomlParseResult toml = profiles.get(name);
      if (toml == null) {
        table.reject(
            "profile", "no profile \"" + name + "\"", Nearest.hint(name, builtIn().keySet()));
        return null;
      }
      return new TomlSettings(problems, name + ".toml", toml, "", 1, 1);
    }

    /** A site's own profile beside its configuration goes before ours. */
    private @Nullable TomlParseResult load(String name) {
      Path own = folder.resolve("profiles").resolve(name + ".toml");
      String text;
      try {
        if (Files.isReadable(own) && Files.size(own) <= BYTES_MAX) {
          text = Files.readString(own);
        } else {
          text = builtIn().get(name);
        }
      } catch (IOException e) {
        problems.add(new Problem(name + ".toml", 1, 1, "", "cannot be read: " + e, ""));
        return null;
      }
      if (text == null) {
        return null;
      }
      TomlParseResult toml = Toml.parse(text);
      syntax(name + ".toml", toml, problems);
      return toml;
    }
  }

  /** The profiles that come with the drivers, by name. */
  static Map<String, String> builtIn() {
    Map<String, String> profiles = new LinkedHashMap<>();
    for (String name : resource("/profiles/index").split("\n", -1)) {
      if (!name.isBlank()) {
        profiles.put(name.strip(), resource("/profiles/" + name.strip() + ".toml"));
      }
    }
    return profiles;
  }

  private static String resource(String path) {
    try (InputStream in = ConfigReader.class.getResourceAsStream(path)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("resource " + path, e);
    }
  }
}
