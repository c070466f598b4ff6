package io.verge.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;

/** The profiles that devices of one file may name: a site's own, and those of the drivers. */
final class Profiles {
  private final Path folder;
  private final Problems problems;
  private final Map<String, @Nullable TomlParseResult> profiles = new HashMap<>();

  /**
   * @param folder of the configuration.
   */
  Profiles(Path folder, Problems problems) {
    this.folder = folder;
    this.problems = problems;
  }

  /** The profile a device names, or null after a problem. */
  @Nullable TomlSettings of(TomlSettings table) {
    String name = table.text("profile", null);
    if (!name.matches(Ids.ID)) {
      if (table.has("profile")) {
        table.reject("profile", "found \"" + name + "\"", Ids.HINT);
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
      if (Files.isReadable(own) && Files.size(own) <= ConfigReader.BYTES_MAX) {
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
    ConfigReader.syntax(name + ".toml", toml, problems);
    return toml;
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
    try (InputStream in = Profiles.class.getResourceAsStream(path)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("resource " + path, e);
    }
  }
}
