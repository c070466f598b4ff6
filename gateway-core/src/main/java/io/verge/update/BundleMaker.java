package io.verge.update;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.jspecify.annotations.Nullable;

/** Makes bundles, where software is built. The same folder gives the same bytes. */
public final class BundleMaker {
  private BundleMaker() {}

  /**
   * Packs and signs an application's folder.
   *
   * @param application what is installed, with the paths it has on the gateway.
   * @param java feature version of the Java runtime it needs at least.
   * @param older an earlier bundle every gateway concerned has applied: what stands in it is left
   *     out; null: everything is in.
   * @return bytes of the bundle.
   * @throws UpdateException if a gateway would refuse it.
   */
  public static long make(
      Path application,
      Version version,
      String arch,
      int java,
      PrivateKey key,
      @Nullable Path older,
      Path target)
      throws IOException, UpdateException {
    Set<String> there = older == null ? Set.of() : sums(older);
    List<Manifest.Item> items = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files(application)) {
      byte[] content = Files.readAllBytes(file);
      String sum = Bundle.sum(content);
      byte[] packed = there.contains(sum) ? new byte[0] : deflate(content);
      String path = application.relativize(file).toString();
      items.add(new Manifest.Item(path, content.length, sum, packed.length));
      contents.add(packed);
    }
    byte[] json = new Manifest(version, arch, java, items).toJson();
    Manifest.parse(json);
    if (json.length > Manifest.BYTES_MAX) {
      throw new UpdateException("a manifest of " + json.length + " bytes", "too many files");
    }
    Path partial = target.resolveSibling(target.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(partial)) {
      byte[] head = Bundle.signedHead(json);
      Bundle.write(out, head, sign(key, head));
      for (byte[] content : contents) {
        out.write(content);
      }
    }
    Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    return Files.size(target);
  }

  private static byte[] sign(PrivateKey key, byte[] head) throws UpdateException {
    try {
      return Keys.sign(key, head);
    } catch (GeneralSecurityException e) {
      throw new UpdateException("the key cannot sign: " + e.getMessage(), "is it Ed25519?", e);
    }
  }

  private static List<Path> files(Path application) throws IOException {
    try (Stream<Path> all = Files.walk(application, 2)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static byte[] deflate(byte[] content) throws IOException {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater)) {
      out.write(content);
    } finally {
      deflater.end();
    }
    return packed.toByteArray();
  }

  /** Of a bundle made here; nothing is installed by this, so its signature does not matter. */
  private static Set<String> sums(Path older) throws IOException, UpdateException {
    try (InputStream in = Files.newInputStream(older)) {
      byte[] head = in.readNBytes(Bundle.HEAD_BYTES);
      int length =
          head.length == Bundle.HEAD_BYTES
              ? java.nio.ByteBuffer.wrap(head).getInt(Bundle.MAGIC.length)
              : 0;
      if (length <= 0 || length > Manifest.BYTES_MAX) {
        throw new UpdateException(older + " is no Verge bundle", "name an earlier .vup file");
      }
      Set<String> sums = new HashSet<>();
      Manifest.parse(in.readNBytes(length)).files().forEach(item -> sums.add(item.sha256()));
      return sums;
    }
  }
}
