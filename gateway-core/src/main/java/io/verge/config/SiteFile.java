package io.verge.config;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/**
 * What an installer writes for one cabinet, {@code verge-site.toml}: who it is and where it
 * delivers. It may hold secrets, and is therefore used up when it was taken.
 *
 * @param place the keys of {@code [site]}, as they will stand in the configuration.
 * @param ca certificates trusted for the back end, PEM; null: the system's.
 * @param certificate this gateway's, PEM, made from its request; null: none yet.
 * @param wantsCertificate a key pair is made on the gateway, and a request for its certificate.
 * @param sshKeys public keys of who may log in.
 * @param updateKeys public keys of who may sign updates, PEM; none: those on the gateway stay.
 * @param imageCa certificates of who may sign systems, PEM; null: those on the gateway stay.
 * @param network how the gateway is reached and asks for the time; null: as it is on the gateway.
 * @param street name of a file beside it with buses, devices, plans and rules; null: those that are
 *     configured stay.
 */
public record SiteFile(
    String gateway,
    Map<String, String> place,
    String uplink,
    String url,
    @Nullable String ca,
    @Nullable String user,
    @Nullable String password,
    @Nullable String pskIdentity,
    @Nullable String psk,
    boolean wantsCertificate,
    @Nullable String certificate,
    List<String> sshKeys,
    List<String> updateKeys,
    @Nullable String imageCa,
    @Nullable Network network,
    @Nullable String street) {
  private static final long BYTES_MAX = 256 << 10;
  private static final int UPDATE_KEYS_MAX = 10;
  private static final String ID = "[a-z0-9][a-z0-9._-]{0,39}";

  public SiteFile {
    place = Map.copyOf(place);
    sshKeys = List.copyOf(sshKeys);
    updateKeys = List.copyOf(updateKeys);
  }

  /**
   * {@code [network]}: the wired line of a gateway from an image.
   *
   * @param address with the length of its prefix, {@code 192.0.2.10/24}; null: by DHCP.
   * @param router address of the way out; null: by DHCP, or none.
   * @param dns addresses of name servers; none: by DHCP.
   * @param ntp names or addresses of time servers; none: by DHCP, else Debian's.
   */
  public record Network(
      @Nullable String address, @Nullable String router, List<String> dns, List<String> ntp) {
    public Network {
      dns = List.copyOf(dns);
      ntp = List.copyOf(ntp);
    }
  }

  /** A site file, or what is wrong with it. */
  public record Result(@Nullable SiteFile site, List<Problem> problems) {}

  /** Reads one; tells everything wrong with it at once. */
  public static Result read(Path file) {
    Problems problems = new Problems();
    String name = String.valueOf(file.getFileName());
    SiteFile site = null;
    try {
      if (Files.size(file) > BYTES_MAX) {
        problems.add(new Problem(name, 1, 1, "", "larger than 256 KiB", "is it the right file?"));
      } else {
        // A byte-order mark and the line ends of another system are an editor's, not mistakes.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        TomlParseResult toml = Toml.parse(text.startsWith("\uFEFF") ? text.substring(1) : text);
        ConfigReader.syntax(name, toml, problems);
        if (problems.isEmpty()) {
          site = read(new TomlSettings(problems, name, toml, "", 1, 1));
        }
      }
    } catch (IOException e) {
      problems.add(new Problem(name, 1, 1, "", "cannot be read: " + e, "is it there?"));
    }
    return new Result(problems.isEmpty() ? site : null, problems.list());
  }

  private static SiteFile read(TomlSettings root) {
    TomlParseResult none = Toml.parse("");
    TomlSettings site = root.table("site", none);
    String gateway = site.text("gateway", null);
    if (site.has("gateway") && !gateway.matches(ID)) {
      site.reject(
          "gateway",
          "found \"" + gateway + "\"",
          "expected 1 to 40 of a-z 0-9 . _ - beginning with a letter or digit");
    }
    Map<String, String> place = place(site, gateway);
    TomlSettings uplink = root.table("uplink", none);
    String password = optional(uplink, "password");
    if ((password != null) != uplink.has("user")) {
      uplink.reject("user", "user and password go together", "give both or none");
    }
    String psk = optional(uplink, "psk");
    if ((psk != null) != uplink.has("psk_identity")) {
      uplink.reject("psk_identity", "psk_identity and psk go together", "give both or none");
    }
    String street = optional(root, "street");
    if (street != null && !street.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      root.reject(
          "street", "found \"" + street + "\"", "expected the name of a file beside this one");
    }
    TomlSettings system = root.table("system", none);
    List<String> sshKeys =
        system.has("ssh_keys")
            ? system.texts("ssh_keys", "array of public keys, \"ssh-ed25519 AAAA… name\"", null)
            : List.of();
    for (String key : sshKeys) {
      if (!key.matches(
          "(?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/=]{16,2000}( [^\\p{Cntrl}]{0,200})?")) {
        system.reject("ssh_keys", "one of them is no public key", "a line of an id_….pub file");
      }
    }
    List<String> updateKeys = updateKeys(system);
    SiteFile read =
        new SiteFile(
            gateway,
            place,
            uplink.text("name", "city"),
            uplink.text("url", null),
            pem(uplink, "ca"),
            optional(uplink, "user"),
            password,
            optional(uplink, "psk_identity"),
            psk,
            uplink.flag("request_certificate", false),
            pem(uplink, "certificate"),
            sshKeys,
            updateKeys,
            pem(system, "image_ca"),
            root.has("network") ? NetworkReader.read(root.table("network", none)) : null,
            street);
    root.finish();
    return read;
  }

  private static List<String> updateKeys(TomlSettings system) {
    if (!system.has("update_keys")) {
      return List.of();
    }
    List<String> keys =
        system.texts("update_keys", "array of texts of PEM files between ''' and '''", null);
    if (keys.size() > UPDATE_KEYS_MAX
        || keys.stream().anyMatch(key -> !key.contains("-----BEGIN PUBLIC KEY-----"))) {
      system.reject(
          "update_keys",
          "more than " + UPDATE_KEYS_MAX + " keys, or one without BEGIN PUBLIC KEY",
          "openssl pkey -in update.key -pubout");
    }
    return keys;
  }

  private static Map<String, String> place(TomlSettings site, String gateway) {
    Map<String, String> place = new java.util.TreeMap<>();
    place.put("gateway", quoted(gateway));
    for (String key : List.of("name", "zone")) {
      if (site.has(key)) {
        place.put(key, quoted(site.text(key, null)));
      }
    }
    degrees(site, "latitude", 90, place);
    degrees(site, "longitude", 180, place);
    if (site.has("latitude") != site.has("longitude")) {
      site.reject("latitude", "latitude and longitude go together", "give both or none");
    }
    return place;
  }

  private static void degrees(TomlSettings site, String key, int most, Map<String, String> place) {
    if (site.has(key)) {
      BigDecimal limit = BigDecimal.valueOf(most);
      place.put(key, site.decimal(key, limit.negate(), limit, null).toPlainString());
    }
  }

  private static @Nullable String optional(TomlSettings table, String key) {
    return table.has(key) ? table.text(key, null) : null;
  }

  private static @Nullable String pem(TomlSettings table, String key) {
    String text = optional(table, key);
    if (text != null && !text.contains("-----BEGIN CERTIFICATE-----")) {
      table.reject(key, "no certificate in it", "the text of a PEM file between \"\"\" and \"\"\"");
    }
    return text;
  }

  static String quoted(String text) {
    return "\"" + Toml.tomlEscape(text) + "\"";
  }

  /**
   * The configuration's part about the site and its uplink.
   *
   * @param files for keys of the uplink that name files: which.
   */
  public String toToml(Map<String, String> files) {
    StringBuilder toml = new StringBuilder("# Made by verge provision.\n\n[site]\n");
    place.forEach((key, value) -> toml.append(key).append(" = ").append(value).append('\n'));
    toml.append("\n[[uplink]]\nname = ").append(quoted(uplink));
    toml.append("\nurl = ").append(quoted(url)).append('\n');
    if (user != null) {
      toml.append("user = ").append(quoted(user)).append('\n');
    }
    if (pskIdentity != null) {
      toml.append("psk_identity = ").append(quoted(pskIdentity)).append('\n');
    }
    files.forEach((key, file) -> toml.append(key).append(" = ").append(quoted(file)).append('\n'));
    return toml.toString();
  }
}
