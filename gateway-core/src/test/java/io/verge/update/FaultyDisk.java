package io.verge.update;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk whose power fails at the n-th change, before it or half way through it. */
final class FaultyDisk extends Disk {
  static final int NEVER = Integer.MAX_VALUE;

  /** Nobody catches it: the machine is off. */
  static final class PowerCut extends Error {
    private static final long serialVersionUID = 1;
  }

  private int left;
  private int done;

  FaultyDisk(int cutAt) {
    this.left = cutAt;
  }

  /** How many changes there were. */
  int done() {
    return done;
  }

  /** A change of the machine's that is no write: the power may fail there too. */
  void step() {
    if (left-- == 0) {
      left = 0;
      throw new PowerCut();
    }
    done++;
  }

  @Override
  void folder(Path folder) throws IOException {
    step();
    Files.createDirectories(folder);
  }

  @Override
  void content(Path file, InputStream content) throws IOException {
    byte[] bytes = content.readAllBytes();
    try {
      step();
    } catch (PowerCut cut) {
      Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      throw cut;
    }
    try (InputStream whole = new ByteArrayInputStream(bytes)) {
      Files.write(file, whole.readAllBytes());
    }
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    step();
    super.rename(from, to);
  }

  @Override
  void link(Path link, Path target) throws IOException {
    step();
    super.link(link, target);
  }

  @Override
  void delete(Path file) throws IOException {
    step();
    Files.deleteIfExists(file);
  }

  @Override
  void synchronise(Path folder) {
    step();
  }
}
