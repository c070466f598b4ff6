package io.verge.provision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/** Public keys of who may sign updates, given by a site file; {@code site-<sum>.pem} each. */
final class UpdateKeys {
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  private final Path folder;

  UpdateKeys(Path folder) {
    this.folder = folder;
  }

  /**
   * @throws ProvisionException if one of them is no Ed25519 key.
   */
  static void check(List<String> keys) throws ProvisionException {
    for (String key : keys) {
      int from = key.indexOf(BEGIN);
      int to = key.indexOf(END);
      try {
        if (from < 0 || to < from) {
          throw new GeneralSecurityException("no PUBLIC KEY in PEM");
        }
        byte[] der = Base64.getMimeDecoder().decode(key.substring(from + BEGIN.length(), to));
        KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        ProvisionException told =
            new ProvisionException(
                List.of("system.update_keys: one of them is no Ed25519 key: " + e.getMessage()));
        told.initCause(e);
        throw told;
      }
    }
  }

  /** Has these keys trusted instead of those of an earlier site file; none: nothing changes. */
  void replace(List<String> keys) throws IOException, GeneralSecurityException {
    if (keys.isEmpty()) {
      return;
    }
    Files.createDirectories(folder);
    TreeSet<String> names = new TreeSet<>();
    for (String key : keys) {
      byte[] text = (key.strip() + "\n").getBytes(StandardCharsets.US_ASCII);
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(text);
      String name = "site-" + HexFormat.of().formatHex(sum, 0, 6) + ".pem";
      write(folder.resolve(name), text);
      names.add(name);
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "site-*.pem")) {
      for (Path file : all) {
        if (!names.contains(String.valueOf(file.getFileName()))) {
          Files.delete(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static void write(Path file, byte[] text) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (FileChannel channel =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
