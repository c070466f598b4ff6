package io.verge.simulator.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/** Secrets of a scene, in files that only their owner reads. */
final class LinkKeys {
  private LinkKeys() {}

  static Path psk(Path folder, byte[] key) throws IOException {
    Path file =
        Files.createFile(
            folder.resolve("psk"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, HexFormat.of().formatHex(key) + "\n");
  }
}
