package io.verge.runtime;

import io.verge.update.Keys;
import io.verge.update.UpdateException;
import io.verge.update.Updater;
import io.verge.update.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Updates of what was installed as a package. */
final class InstalledUpdates {
  static final String ROOT = "/var/lib/verge-update";
  static final String KEYS = "/etc/verge/update-keys";

  private static final List<Path> PACKAGE =
      List.of(Path.of("/usr/share/verge"), Path.of("/usr/lib/verge"));

  private InstalledUpdates() {}

  /**
   * @param socket control socket of the gateway that a new version is judged by.
   */
  static Updater updater(
      Path root, Path keys, Path socket, PrintStream err, Updater.Patience patience)
      throws IOException, UpdateException {
    String version = Main.version();
    return new Updater(
        root,
        PACKAGE.stream().filter(Files::isDirectory).toList(),
        new Version(Version.isOne(version) ? version : "0"),
        Keys.trusted(keys),
        new InstalledHost(socket, err),
        Found.ticker(),
        patience);
  }
}
