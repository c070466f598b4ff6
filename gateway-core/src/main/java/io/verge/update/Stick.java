package io.verge.update;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Bundles that somebody brings on a stick: {@code verge-update/*.vup} with applications, {@code
 * *.raucb} with systems.
 */
public final class Stick {
  private static final String FOLDER = "verge-update";
  private static final int BUNDLES_MAX = 32;

  private Stick() {}

  /**
   * What a stick is good for.
   *
   * @param bundle the newest one that this gateway would take; null: none.
   * @param refused of the others, why; a line each.
   */
  public record Choice(@Nullable Path bundle, List<String> refused) {
    public Choice {
      refused = List.copyOf(refused);
    }
  }

  /**
   * Looks through a mounted stick; changes nothing. A version that was taken back is not tried
   * again by a stick, or one left in its socket would try it at every start.
   */
  public static Choice look(Path stick, Updater updater) throws IOException {
    Updater.State state = updater.state();
    return look(
        bundles(stick.resolve(FOLDER), "*.vup"),
        updater::check,
        state.outcome().equals("rolled-back") ? state.lastVersion() : "",
        state.why());
  }

  /** The same for systems; of a machine with one system none is looked at. */
  public static Choice look(Path stick, SystemUpdater updater) throws IOException {
    SystemUpdater.State state = updater.state();
    if (state == null) {
      return new Choice(null, List.of());
    }
    return look(
        bundles(stick.resolve(FOLDER), "*.raucb"),
        updater::check,
        state.outcome().equals("rolled-back") ? state.lastVersion() : "",
        state.why());
  }

  private interface Check {
    Version check(Path file) throws IOException, UpdateException;
  }

  private static Choice look(List<Path> files, Check check, String takenBack, String why)
      throws IOException {
    List<String> refused = new ArrayList<>();
    TreeMap<Version, Path> taken = new TreeMap<>(Comparator.naturalOrder());
    for (Path file : files) {
      try {
        Version version = check.check(file);
        if (takenBack.equals(version.text())) {
          refused.add(file.getFileName() + ": " + version + " was tried and taken back: " + why);
        } else {
          taken.put(version, file);
        }
      } catch (UpdateException e) {
        refused.add(file.getFileName() + ": " + e.getMessage());
      }
    }
    return new Choice(taken.isEmpty() ? null : taken.lastEntry().getValue(), refused);
  }

  private static List<Path> bundles(Path folder, String glob) throws IOException {
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
      for (Path file : files) {
        if (found.size() == BUNDLES_MAX) {
          break;
        }
        found.add(file);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found.stream().sorted().toList();
  }
}
