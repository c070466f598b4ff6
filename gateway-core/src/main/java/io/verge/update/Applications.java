package io.verge.update;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The application's folders, side by side, and the link {@code current} that says which of them is
 * started; without it, the package's own is.
 *
 * <pre>
 * app-0.2.0/        a whole version: lib/ native/ java.args classes.list
 * app-0.3.0.part/   one being unpacked; what is whole in it is not unpacked again
 * current           link to app-0.2.0
 * </pre>
 */
final class Applications {
  private static final String PREFIX = "app-";
  private static final String PART = ".part";

  /** Stands for the folder's own path in {@code java.args}. */
  private static final String PLACE = "@APP@";

  private static final String ARGS = "java.args";

  /** As {@code java.args} was in the bundle: what a later bundle without it is made whole from. */
  private static final String ARGS_AS_SIGNED = "java.args.signed";

  private final Path root;
  private final List<Path> bases;
  private final Disk disk;

  /**
   * @param bases where the package's own application lies, files at most two levels below.
   */
  Applications(Path root, List<Path> bases, Disk disk) {
    this.root = root;
    this.bases = List.copyOf(bases);
    this.disk = disk;
  }

  Path folder(Version version) {
    return root.resolve(PREFIX + version);
  }

  /** The version that is started; empty: the package's own. */
  Optional<Version> current() throws IOException {
    Path link = root.resolve("current");
    if (!Files.isSymbolicLink(link) || !Files.isRegularFile(link.resolve(ARGS))) {
      return Optional.empty();
    }
    return version(String.valueOf(Files.readSymbolicLink(link).getFileName()));
  }

  private static Optional<Version> version(String folder) {
    String text = folder.startsWith(PREFIX) ? folder.substring(PREFIX.length()) : "";
    return Version.isOne(text) ? Optional.of(new Version(text)) : Optional.empty();
  }

  /** Bytes that unpacking takes beyond what is there. */
  long needed(Bundle bundle) {
    return bundle.manifest().size();
  }

  /**
   * Unpacks a bundle into the folder of its version. It has its name only when all of it is there
   * and has been compared with its sums.
   */
  void unpack(Bundle bundle) throws IOException, UpdateException {
    Manifest manifest = bundle.manifest();
    Path whole = folder(manifest.version());
    if (Files.isDirectory(whole)) {
      if (isWhole(whole, manifest)) {
        return;
      }
      disk.deleteTree(whole);
    }
    disk.folder(root);
    Path part = root.resolve(PREFIX + manifest.version() + PART);
    disk.folder(part);
    disk.folder(part.resolve("lib"));
    disk.folder(part.resolve("native"));
    Map<String, Path> local = new HashMap<>();
    for (Manifest.Item item : manifest.files()) {
      unpack(bundle, item, part, local);
    }
    disk.synchronise(part.resolve("lib"));
    disk.synchronise(part.resolve("native"));
    disk.synchronise(part);
    disk.rename(part, whole);
  }

  private void unpack(Bundle bundle, Manifest.Item item, Path part, Map<String, Path> local)
      throws IOException, UpdateException {
    Path target = part.resolve(asStored(item.path()));
    if (!has(target, item)) {
      Path partial = target.resolveSibling(target.getFileName() + PART);
      try (InputStream in = source(bundle, item, local)) {
        disk.content(partial, in);
      } catch (ZipException | EOFException e) {
        throw broken(partial, item, e);
      }
      if (!has(partial, item)) {
        throw broken(partial, item, null);
      }
      disk.rename(partial, target);
    }
    if (item.path().equals(ARGS)) {
      byte[] placed =
          Files.readString(target, StandardCharsets.UTF_8)
              .replace(PLACE, folder(bundle.manifest().version()).toString())
              .getBytes(StandardCharsets.UTF_8);
      disk.content(part.resolve(ARGS), new ByteArrayInputStream(placed));
    }
  }

  private UpdateException broken(Path partial, Manifest.Item item, @Nullable IOException cause)
      throws IOException {
    disk.delete(partial);
    return new UpdateException(
        "the bundle is broken: " + item.path() + " is not what its manifest says",
        "fetch it again",
        cause);
  }

  private static String asStored(String path) {
    return path.equals(ARGS) ? ARGS_AS_SIGNED : path;
  }

  private InputStream source(Bundle bundle, Manifest.Item item, Map<String, Path> local)
      throws IOException, UpdateException {
    if (item.stored() > 0) {
      return bundle.content(item);
    }
    if (local.isEmpty()) {
      lookAround(local);
    }
    Path same = local.get(item.sha256());
    if (same == null) {
      throw new UpdateException(
          "the bundle leaves out " + item.path() + ", and no such file is on this gateway",
          "take the full bundle of " + bundle.manifest().version());
    }
    return Files.newInputStream(same);
  }

  /** What is on the gateway already, by its sum. */
  private void lookAround(Map<String, Path> local) throws IOException {
    List<Path> folders = new ArrayList<>(installed());
    folders.addAll(bases);
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            try (InputStream in = Files.newInputStream(file)) {
              local.putIfAbsent(Bundle.sum(in), file);
            }
          }
        }
      }
    }
  }

  private static boolean isWhole(Path folder, Manifest manifest) throws IOException {
    for (Manifest.Item item : manifest.files()) {
      if (!has(folder.resolve(asStored(item.path())), item)) {
        return false;
      }
    }
    return Files.isRegularFile(folder.resolve(ARGS));
  }

  private static boolean has(Path file, Manifest.Item item) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) != item.size()) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Bundle.sum(in).equals(item.sha256());
    }
  }

  /** Makes a version the one that is started, in one step; null: the package's own. */
  void switchTo(@Nullable Version version) throws IOException {
    Path link = root.resolve("current");
    if (version == null) {
      disk.delete(link);
      return;
    }
    Path next = root.resolve("current.next");
    disk.link(next, Path.of(PREFIX + version));
    disk.rename(next, link);
  }

  /** Deletes all versions but these, and what was left unfinished. */
  void tidy(List<Version> kept) throws IOException {
    List<Path> keep = kept.stream().map(this::folder).toList();
    for (Path folder : entries(PREFIX + "*")) {
      if (!keep.contains(folder)) {
        disk.deleteTree(folder);
      }
    }
  }

  private List<Path> installed() throws IOException {
    return entries(PREFIX + "*").stream().filter(path -> !path.toString().endsWith(PART)).toList();
  }

  private List<Path> entries(String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(root)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root, glob)) {
        entries.forEach(found::add);
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
    }
    return found;
  }
}
