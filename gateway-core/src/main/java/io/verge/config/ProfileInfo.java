package io.verge.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * What a profile says of itself.
 *
 * @param own whether it is the site's own, which goes before one of ours with the same name.
 */
public record ProfileInfo(
    String name,
    String type,
    String maker,
    String model,
    String source,
    List<String> points,
    boolean own) {
  private static final String END = ".toml";

  /**
   * All profiles by name, ours and those beside a configuration.
   *
   * @param folder of the configuration; need not exist.
   * @throws IOException if the site's own profiles cannot be read.
   */
  public static List<ProfileInfo> all(Path folder) throws IOException {
    Map<String, ProfileInfo> all = new TreeMap<>();
    Profiles.builtIn().forEach((name, text) -> all.put(name, of(name, text, false)));
    Path own = folder.resolve("profiles");
    if (Files.isDirectory(own)) {
      try (Stream<Path> files = Files.list(own)) {
        for (Path file : files.filter(path -> path.toString().endsWith(END)).toList()) {
          String name = String.valueOf(file.getFileName());
          name = name.substring(0, name.length() - END.length());
          all.put(name, of(name, Files.readString(file), true));
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static ProfileInfo of(String name, String text, boolean own) {
    TomlParseResult toml = Toml.parse(text);
    List<String> points = new ArrayList<>();
    if (toml.get("points") instanceof TomlArray tables) {
      for (int i = 0; i < tables.size(); i++) {
        if (tables.get(i) instanceof TomlTable point) {
          points.add(String.valueOf(point.get("name")));
        }
      }
    }
    return new ProfileInfo(
        name,
        text(toml, "type"),
        text(toml, "maker"),
        text(toml, "model"),
        text(toml, "source"),
        List.copyOf(points),
        own);
  }

  private static String text(TomlParseResult toml, String key) {
    return toml.get(key) instanceof String text ? text : "";
  }
}
