package io.verge.local;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file behind the listening socket: made, given to its group, and removed if still ours. */
final class SocketFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  /** Connections the kernel holds until the next step. */
  private static final int BACKLOG = 32;

  private final Path path;
  private final ServerSocketChannel channel;
  private final @Nullable Object key;

  private SocketFile(Path path, ServerSocketChannel channel, @Nullable Object key) {
    this.path = path;
    this.channel = channel;
    this.key = key;
  }

  /**
   * Listens on {@code path}. Its directory is made; a socket nobody answers on is replaced.
   *
   * @throws IOException when another gateway answers there, or a file that is no socket is in the
   *     way, or the path cannot be used.
   */
  static SocketFile bind(Path path, String group) throws IOException {
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    removeStale(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
      channel.configureBlocking(false);
      // Until here the umask decides; no usual one lets others write, which connecting needs.
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
      giveTo(path, group);
      return new SocketFile(path, channel, keyOf(path));
    } catch (IOException e) {
      channel.close();
      throw new IOException("cannot listen on " + path + ": " + e.getMessage(), e);
    }
  }

  ServerSocketChannel channel() {
    return channel;
  }

  private static void removeStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!attributes(path).isOther()) {
      throw new IOException(path + " is in the way: it is not a socket");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException nobody) {
      LOG.info(
          "replacing a socket nobody answers on path={} cause=\"{}\"", path, nobody.getMessage());
      Files.delete(path);
      return;
    }
    throw new IOException("another gateway answers on " + path);
  }

  private static void giveTo(Path path, String group) {
    try {
      GroupPrincipal principal =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
      PosixFileAttributeView view =
          Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (!view.readAttributes().group().equals(principal)) {
        view.setGroup(principal);
      }
    } catch (UserPrincipalNotFoundException none) {
      LOG.debug("no such group, the socket keeps its own group={}", group);
    } catch (IOException e) {
      LOG.warn("socket not given to its group group={} cause=\"{}\"", group, e.getMessage());
    }
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static @Nullable Object keyOf(Path path) throws IOException {
    return attributes(path).fileKey();
  }

  /** Stops listening; removes the file unless a successor has put its own there. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key, keyOf(path))) {
      Files.deleteIfExists(path);
    }
  }
}
