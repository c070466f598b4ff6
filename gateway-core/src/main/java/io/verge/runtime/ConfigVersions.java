package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.verge.bytes.Sha256;
import io.verge.runtime.ConfigIndex.Trial;
import io.verge.runtime.ConfigIndex.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of a site's configuration, beside the store: {@code config/index.json} and a text a
 * version. The service may not write where the configuration file is, so a version that was applied
 * lives here and holds until the file itself is edited: then the file holds again, as a new
 * version. Every change is one rename of the index; the texts are there before. Main thread.
 */
final class ConfigVersions {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigVersions.class);

  private static final long BYTES_MAX = 1 << 20;

  private final Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private final Path folder;
  private final WholeFiles disk;
  private volatile ConfigIndex index = ConfigIndex.EMPTY;
  private String damage = "";

  /**
   * @param folder made when the first version is written.
   * @throws IOException if it can't be read; what is damaged is put aside instead.
   */
  static ConfigVersions open(Path folder, WholeFiles disk) throws IOException {
    ConfigVersions versions = new ConfigVersions(folder, disk);
    versions.load();
    return versions;
  }

  private ConfigVersions(Path folder, WholeFiles disk) {
    this.folder = folder;
    this.disk = disk;
  }

  private void load() throws IOException {
    Path path = folder.resolve("index.json");
    if (!Files.exists(path)) {
      return;
    }
    String why;
    try {
      ConfigIndex read =
          Files.size(path) > BYTES_MAX
              ? null
              : gson.fromJson(Files.readString(path), ConfigIndex.class);
      if (read != null && read.isWhole() && isThere(read)) {
        index = read;
        return;
      }
      why = "it names a text that is not there, or lacks parts";
    } catch (JsonParseException | java.nio.charset.CharacterCodingException e) {
      why = String.valueOf(e.getMessage());
    }
    Path aside = folder.resolve("index.json.damaged");
    disk.move(path, aside);
    damage = path + " was damaged (" + why + "); it is kept as " + aside;
  }

  private boolean isThere(ConfigIndex read) throws IOException {
    Trial trial = read.trial();
    for (long number : new long[] {read.active(), trial == null ? 0 : trial.previous()}) {
      if (number != 0) {
        Path path = path(number);
        boolean same =
            Files.exists(path)
                && Files.size(path) <= BYTES_MAX
                && Sha256.hex(Files.readAllBytes(path)).equals(read.version(number).sha256());
        if (!same) {
          return false;
        }
      }
    }
    return true;
  }

  /** What was wrong with the index when it was opened; empty: nothing. */
  String damage() {
    return damage;
  }

  long active() {
    return index.active();
  }

  long before() {
    return index.before();
  }

  boolean has(long number) {
    return index.has(number);
  }

  @Nullable Trial trial() {
    return index.trial();
  }

  List<Version> all() {
    return index.versions();
  }

  /** Whether this is the file's text as it was last taken over. */
  boolean isFile(byte[] bytes) {
    return index.active() != 0 && Sha256.hex(bytes).equals(index.fileSha256());
  }

  /**
   * @throws IOException if it is not there any more, or not what it was.
   */
  byte[] text(long number) throws IOException {
    byte[] bytes = Files.readAllBytes(path(number));
    if (!Sha256.hex(bytes).equals(index.version(number).sha256())) {
      throw new IOException(path(number) + " is not what it was");
    }
    return bytes;
  }

  private Path path(long number) {
    return folder.resolve(number + ".toml");
  }

  /** Who brings a text, and when. */
  record Origin(String who, long atMs, String request, String note) {}

  /** Makes the file's text the active version. */
  void adoptFile(byte[] bytes, Origin origin) throws IOException {
    save(index.withFile(written(bytes, origin)));
  }

  /** Puts a text on trial. */
  void begin(byte[] text, Origin origin, long withinMs, boolean byHand, Set<String> ailing)
      throws IOException {
    save(index.withTrial(written(text, origin), withinMs, byHand, ailing));
  }

  /** The trial went well. */
  void confirm(String how) throws IOException {
    save(index.confirmed(how));
  }

  /**
   * The trial did not: the previous version is active again, also where the disk refuses. Then the
   * trial is still on disk, and is given back again by the next start.
   */
  void giveBack(String why) throws IOException {
    Trial trial = index.trial();
    if (trial == null) {
      throw new IllegalStateException("no version is on trial");
    }
    index = index.returned(trial, why);
    save(index);
  }

  private Version written(byte[] text, Origin origin) throws IOException {
    Files.createDirectories(folder);
    long number = lastNumber() + 1;
    disk.write(path(number), text);
    return new Version(
        number,
        ConfigIndex.ACTIVE,
        origin.who(),
        origin.atMs(),
        Sha256.hex(text),
        origin.request(),
        origin.note());
  }

  /** Also counts texts whose index was lost: none is overwritten. */
  private long lastNumber() throws IOException {
    long last = index.last();
    if (index.versions().isEmpty()) {
      try (var files = Files.newDirectoryStream(folder, "*.toml")) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          String digits = name.substring(0, name.length() - ".toml".length());
          if (digits.matches("[0-9]{1,9}")) {
            last = Math.max(last, Long.parseLong(digits));
          }
        }
      }
    }
    return last;
  }

  private void save(ConfigIndex wanted) throws IOException {
    ConfigIndex next = wanted.pruned();
    disk.write(folder.resolve("index.json"), gson.toJson(next).getBytes(StandardCharsets.UTF_8));
    index = next;
    for (Version version : wanted.versions()) {
      if (!next.has(version.number())) {
        forget(path(version.number()));
      }
    }
  }

  private void forget(Path path) {
    try {
      disk.delete(path);
    } catch (IOException e) {
      LOG.warn("old configuration not removed file={} cause=\"{}\"", path, e.getMessage());
    }
  }
}
