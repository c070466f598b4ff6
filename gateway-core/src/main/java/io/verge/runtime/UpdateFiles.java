package io.verge.runtime;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What lies on the disk while an ordered bundle is fetched.
 *
 * <pre>
 * order.json      the order; there until its outcome is known
 * fetched.part    as much of the bundle as is there
 * incoming.vup    the whole bundle, for verge-update.path, which takes it away when it is done
 * </pre>
 */
final class UpdateFiles {
  private static final long ORDER_MAX = 16 << 10;

  private final Path folder;
  private final WholeFiles whole;

  UpdateFiles(Path folder, WholeFiles whole) {
    this.folder = folder;
    this.whole = whole;
  }

  Path part() {
    return folder.resolve("fetched.part");
  }

  private Path incoming() {
    return folder.resolve("incoming.vup");
  }

  private Path order() {
    return folder.resolve("order.json");
  }

  void keep(UpdateOrder order) throws IOException {
    Files.createDirectories(folder);
    whole.write(order(), new Gson().toJson(order).getBytes(StandardCharsets.UTF_8));
  }

  /** Null if there is none, or none that can be read. */
  @Nullable UpdateOrder kept() throws IOException {
    if (!Files.isRegularFile(order()) || Files.size(order()) > ORDER_MAX) {
      return null;
    }
    try {
      UpdateOrder order = new Gson().fromJson(Files.readString(order()), UpdateOrder.class);
      boolean isWhole =
          order != null
              && order.id() != null
              && order.url() != null
              && order.sha256() != null
              && order.uplink() != null
              && order.version() != null;
      return isWhole ? order : null;
    } catch (JsonParseException e) {
      return null;
    }
  }

  long fetched() throws IOException {
    return Files.exists(part()) ? Files.size(part()) : 0;
  }

  long room() throws IOException {
    Files.createDirectories(folder);
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Lays bytes down where they belong; with {@code durably} all so far are on the disk. */
  void add(long at, byte[] bytes, int count, boolean durably) throws IOException {
    try (FileChannel channel =
        FileChannel.open(part(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(at);
      ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
      while (buffer.hasRemaining()) {
        channel.write(buffer, at + buffer.position());
      }
      if (durably) {
        channel.force(true);
      }
    }
  }

  String sum() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      try (FileChannel channel = FileChannel.open(part(), StandardOpenOption.READ)) {
        while (channel.read(buffer.clear()) >= 0) {
          digest.update(buffer.flip());
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("this Java has no SHA-256", e);
    }
  }

  void forgetPart() throws IOException {
    whole.delete(part());
  }

  void layDown() throws IOException {
    whole.move(part(), incoming());
  }

  /** Whether the bundle was taken away again: it was applied, taken back or refused. */
  boolean isTaken() {
    return !Files.exists(incoming());
  }

  void forget() throws IOException {
    whole.delete(part());
    whole.delete(order());
  }
}
