package io.verge.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Opens a store, and puts a damaged one aside: never deleted, never fatal, always reported. */
public final class StoreFiles {
  private static final int KEPT_MAX = 1000;

  /**
   * An open store.
   *
   * @param quarantined where a damaged file was put, or null.
   */
  public record Opened(Store store, @Nullable String quarantined) {}

  private StoreFiles() {}

  /**
   * @throws StoreException if the file's surroundings are wrong: locked, full, no permission.
   */
  public static Opened open(Path file, RandomGenerator random) throws StoreException {
    try {
      return new Opened(Store.open(file, random), null);
    } catch (StoreException e) {
      if (!e.isDamaged()) {
        throw e;
      }
      try {
        Path aside = putAside(file);
        return new Opened(Store.open(file, random), aside.toString());
      } catch (IOException moving) {
        e.addSuppressed(moving);
        throw e;
      }
    }
  }

  private static Path putAside(Path file) throws IOException {
    for (int n = 1; n <= KEPT_MAX; n++) {
      Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + n);
      if (Files.exists(aside)) {
        continue;
      }
      Files.move(file, aside);
      for (String part : new String[] {"-wal", "-shm"}) {
        Path beside = file.resolveSibling(file.getFileName() + part);
        if (Files.exists(beside)) {
          Files.move(beside, file.resolveSibling(aside.getFileName() + part));
        }
      }
      return aside;
    }
    throw new IOException(KEPT_MAX + " damaged stores lie beside " + file + " already");
  }
}
