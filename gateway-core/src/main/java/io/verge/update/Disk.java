package io.verge.update;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Every change an update makes on the disk, each durable when it returns. The one seam at which
 * tests cut the power.
 */
class Disk {
  /** Makes a folder, if it is not there. */
  void folder(Path folder) throws IOException {
    Files.createDirectories(folder);
    synchronise(parent(folder));
  }

  /** Writes a file's content where it will be read only when a later step has named it. */
  void content(Path file, InputStream content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      OutputStream out = Channels.newOutputStream(channel);
      content.transferTo(out);
      out.flush();
      channel.force(true);
    }
  }

  /** Gives something its final name; whatever had the name before is replaced in one step. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    synchronise(parent(to));
  }

  /** Makes a symbolic link. */
  void link(Path link, Path target) throws IOException {
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }

  /** Deletes one file or link, if it is there. */
  void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      synchronise(parent(file));
    }
  }

  /** Deletes a folder and all in it, if it is there; links are not followed. */
  final void deleteTree(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path visited, @org.jspecify.annotations.Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The names in a folder are on the disk when this returns. */
  void synchronise(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException gone) {
      throw new IOException(folder + " vanished under an update", gone);
    }
  }

  private static Path parent(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(path + " has no folder above it");
    }
    return parent;
  }
}
