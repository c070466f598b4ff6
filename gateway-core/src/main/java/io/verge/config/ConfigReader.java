package io.verge.config;

import com.google.gson.JsonObject;
import io.verge.autonomy.Place;
import io.verge.autonomy.PlanGroup;
import io.verge.autonomy.Rule;
import io.verge.driver.DriverFactory;
import io.verge.transport.TransportProvider;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.HashSet;
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
  static final long BYTES_MAX = 1 << 20;
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
    String name = String.valueOf(file.getFileName());
    try {
      return read(bytes(file), file);
    } catch (IOException e) {
      return new Result(
          null,
          List.of(new Problem(name, 1, 1, "", "cannot be read: " + e.getMessage(), "")),
          List.of());
    }
  }

  /**
   * What {@link #read(byte[], Path)} takes: a file's bytes; of one that is larger than a
   * configuration may be, just enough to tell.
   */
  public static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes((int) BYTES_MAX + 1);
    }
  }

  /**
   * Reads a text as if it stood in a file.
   *
   * @param text UTF-8, at most 1 MiB.
   * @param file names it in problems, and its folder is where relative paths begin.
   */
  public Result read(byte[] text, Path file) {
    Problems problems = new Problems();
    String name = String.valueOf(file.getFileName());
    SiteConfig config = null;
    List<Entry> entries = List.of();
    if (text.length > BYTES_MAX) {
      problems.add(new Problem(name, 1, 1, "", "larger than 1 MiB", "is it the right file?"));
    } else {
      TomlParseResult toml = Toml.parse(new String(text, StandardCharsets.UTF_8));
      syntax(name, toml, problems);
      if (problems.isEmpty()) {
        TomlSettings root = new TomlSettings(problems, name, toml, "", 1, 1);
        config = site(file, problems, root);
        entries = root.entries();
      }
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

  /** A JSON Schema of what this reader takes. */
  public JsonObject schema() {
    ConfigSchema schema = new ConfigSchema();
    StringBuilder text =
        new StringBuilder("[site]\n[time]\n[store]\n[local]\n[health]\n[hawkbit]\n[modem]\n");
    for (String codec : UplinkSettings.Codec.WORDS) {
      text.append("[[uplink]]\ncodec = \"").append(codec).append("\"\n");
    }
    text.append("[[bus]]\n");
    for (DriverFactory factory : factories.values()) {
      // What a device is asked depends on its profile: on channels, on loops.
      List<String> profiles =
          factory.needsProfile() ? List.copyOf(Profiles.builtIn().keySet()) : List.of("");
      for (String profile : profiles) {
        text.append("[[bus.device]]\ndriver = \"").append(factory.family()).append("\"\n");
        text.append(profile.isEmpty() ? "" : "profile = \"" + profile + "\"\n");
        text.append("[[bus.device.curve]]\n");
      }
    }
    text.append("[[plan]]\n[[plan.step]]\n[[plan.exception]]\n");
    for (String kind : RuleReader.KINDS) {
      text.append("[[rule]]\nkind = \"").append(kind).append("\"\n");
    }
    byte[] probe = text.toString().getBytes(StandardCharsets.UTF_8);
    schema.add(read(probe, Path.of("schema.toml")).entries());
    return schema.json();
  }

  static void syntax(String name, TomlParseResult toml, Problems problems) {
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

  /**
   * Which devices a gateway with this configuration must be allowed to open, as the machine is now:
   * paths of nodes, or {@code char-NAME} for all of a class, as systemd's {@code DeviceAllow=}
   * takes them.
   */
  public List<String> devices(SiteConfig site) {
    return new PortDevices(Path.of("/")).of(site, transports.values());
  }

  private SiteConfig site(Path file, Problems problems, TomlSettings root) {
    Path parent = file.toAbsolutePath().getParent();
    Path folder = parent == null ? Path.of("/") : parent;
    TomlParseResult none = Toml.parse("");
    TomlSettings site = root.table("site", none);
    String gateway = Ids.id(site, "gateway");
    String name = site.text("name", gateway);
    ZoneId zone = PlanReader.zone(site);
    Place place = PlanReader.place(site);
    TomlSettings time = root.table("time", none);
    boolean trust = time.word("trust", List.of("ntp", "system"), "ntp").equals("system");
    TomlSettings local = root.table("local", none);
    Path socket = folder.resolve(local.text("socket", "/run/verge/verge.sock"));
    NamedFiles files = NamedFiles.beside(folder);
    UplinkReader links = new UplinkReader(files, uplinkSchemes, gateway);
    List<UplinkSettings> uplinks = links.uplinks(root.tomlTables("uplink"));
    SiteConfig.Hawkbit hawkbit =
        HawkbitReader.read(root.table("hawkbit", none), files, gateway, uplinks);
    SiteConfig.Store storing = store(root);
    SiteConfig.Health health = HealthReader.health(root.table("health", none));
    String own = health.isDelivered() ? gateway : "";
    BusReader reader = new BusReader(factories, transports, new Profiles(folder, problems), own);
    List<SiteConfig.Bus> buses = reader.buses(root.tomlTables("bus"));
    List<PlanGroup> groups =
        new PlanReader(reader.operations()).groups(root.tomlTables("plan"), place != null);
    SiteConfig.Plan plan =
        new SiteConfig.Plan(place == null ? new Place(0, 0, zone) : place, place != null, groups);
    List<Rule> rules =
        new RuleReader(reader.points(), place != null).rules(root.tomlTables("rule"));
    SiteConfig.Modem modem =
        new ModemReader(folder, reader.operations(), groups).read(root.table("modem", none));
    root.finish();
    return new SiteConfig(
        gateway,
        name,
        trust,
        storing,
        socket,
        uplinks,
        buses,
        plan,
        rules,
        links.configuring(),
        health,
        hawkbit,
        modem);
  }

  /** After the uplinks, whose hold on the disk is part of it. */
  private static SiteConfig.Store store(TomlSettings root) {
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
}
