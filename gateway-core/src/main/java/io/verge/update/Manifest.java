package io.verge.update;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says of itself; the signature covers it, and through its sums the files.
 *
 * @param arch Debian's word: {@code amd64}, {@code arm64}, {@code armhf}.
 * @param java feature version of the Java runtime it needs at least.
 * @param files in the order of their content in the bundle.
 */
record Manifest(Version version, String arch, int java, List<Item> files) {
  static final int BYTES_MAX = 256 << 10;
  static final Set<String> ARCHES = Set.of("amd64", "arm64", "armhf");

  private static final int FILES_MAX = 500;
  private static final long FILE_MAX = 64L << 20;
  private static final long TOTAL_MAX = 192L << 20;
  private static final Pattern PATH =
      Pattern.compile(
          "(?:lib|native)/[A-Za-z0-9][A-Za-z0-9._+-]{0,119}|java\\.args|classes\\.list");
  private static final Pattern SUM = Pattern.compile("[0-9a-f]{64}");

  /**
   * One file.
   *
   * @param path below the application's folder; only what {@link #PATH} allows.
   * @param size bytes on disk.
   * @param sha256 of these bytes, in hexadecimal.
   * @param stored bytes it takes in the bundle, as raw DEFLATE; 0: not in this bundle, the gateway
   *     has a file with this sum.
   */
  record Item(String path, long size, String sha256, long stored) {}

  /** As it stands in JSON; whatever is missing there is null here. */
  private record Raw(
      @Nullable String version,
      @Nullable String arch,
      int java,
      @Nullable List<@Nullable Item> files) {}

  Manifest {
    files = List.copyOf(files);
  }

  long size() {
    return files.stream().mapToLong(Item::size).sum();
  }

  byte[] toJson() {
    Raw raw = new Raw(version.text(), arch, java, List.copyOf(files));
    return new Gson().toJson(raw).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws UpdateException if anything is missing, too large, or names a place it may not.
   */
  static Manifest parse(byte[] json) throws UpdateException {
    Raw raw;
    try {
      raw = new Gson().fromJson(new String(json, StandardCharsets.UTF_8), Raw.class);
    } catch (JsonParseException e) {
      throw broken("its manifest is no JSON: " + e.getMessage());
    }
    if (raw == null || raw.version() == null || !Version.isOne(raw.version())) {
      throw broken("its manifest has no usable version");
    }
    if (raw.arch() == null || !ARCHES.contains(raw.arch())) {
      throw broken("its manifest names the architecture " + raw.arch());
    }
    if (raw.files() == null || raw.files().isEmpty() || raw.files().size() > FILES_MAX) {
      throw broken("its manifest lists no files, or more than " + FILES_MAX);
    }
    Set<String> paths = new HashSet<>();
    long total = 0;
    for (Item item : raw.files()) {
      if (item == null) {
        throw broken("its manifest lists a file without anything");
      }
      check(item);
      total += item.size();
      if (!paths.add(item.path())) {
        throw broken("its manifest lists " + item.path() + " twice");
      }
    }
    if (total > TOTAL_MAX || !paths.contains("java.args")) {
      throw broken("its manifest lists " + total + " bytes, or no java.args");
    }
    return new Manifest(
        new Version(raw.version()), raw.arch(), raw.java(), List.copyOf(raw.files()));
  }

  private static void check(Item item) throws UpdateException {
    if (item.path() == null || !PATH.matcher(item.path()).matches()) {
      throw broken("its manifest lists the path \"" + item.path() + "\"");
    }
    if (item.sha256() == null || !SUM.matcher(item.sha256()).matches()) {
      throw broken("its manifest has no sum of " + item.path());
    }
    // DEFLATE makes incompressible data larger by less than a thousandth.
    long storedMax = item.size() + item.size() / 1000 + 64;
    if (item.size() < 0
        || item.size() > FILE_MAX
        || item.stored() < 0
        || item.stored() > storedMax) {
      throw broken("its manifest gives " + item.path() + " an impossible size");
    }
  }

  private static UpdateException broken(String why) {
    return new UpdateException("the bundle is broken: " + why, "fetch it again; compare its sum");
  }
}
