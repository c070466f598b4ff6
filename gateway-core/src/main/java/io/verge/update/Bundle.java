package io.verge.update;

import io.verge.bytes.Sha256;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A bundle whose signature was verified.
 *
 * <pre>
 * 0     8   "VERGEUP1"
 * 8     4   length m of the manifest, big-endian
 * 12    m   manifest, JSON
 * 12+m  64  Ed25519 signature of all before it
 * 76+m      the files' content, one after the other, each as raw DEFLATE (RFC 1951)
 * </pre>
 */
final class Bundle implements AutoCloseable {
  static final byte[] MAGIC = "VERGEUP1".getBytes(StandardCharsets.US_ASCII);
  static final int HEAD_BYTES = MAGIC.length + Integer.BYTES;

  private final Path file;
  private final FileChannel channel;
  private final Manifest manifest;
  private final String signer;
  private final long contentAt;

  private Bundle(Path file, FileChannel channel, Manifest manifest, String signer, long contentAt) {
    this.file = file;
    this.channel = channel;
    this.manifest = manifest;
    this.signer = signer;
    this.contentAt = contentAt;
  }

  /**
   * Opens a bundle; of one that nobody trusted has signed, nothing but the length is read.
   *
   * @throws UpdateException if it is no bundle, cut off, or not signed by one of the keys.
   */
  static Bundle open(Path file, Keys trusted) throws IOException, UpdateException {
    if (trusted.isEmpty()) {
      throw new UpdateException(
          "this gateway trusts no key for updates",
          "put the public key of whoever signs them into /etc/verge/update-keys, as NAME.pem");
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return read(file, channel, trusted);
    } catch (IOException | UpdateException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static Bundle read(Path file, FileChannel channel, Keys trusted)
      throws IOException, UpdateException {
    ByteBuffer head = bytes(file, channel, 0, HEAD_BYTES);
    for (byte expected : MAGIC) {
      if (head.get() != expected) {
        throw new UpdateException(
            file + " is no Verge bundle", "their names end in .vup; is it the right file?");
      }
    }
    int length = head.getInt();
    if (length <= 0 || length > Manifest.BYTES_MAX) {
      throw new UpdateException(
          file + " is broken: a manifest of " + length + " bytes", "fetch it again");
    }
    byte[] signed = bytes(file, channel, 0, HEAD_BYTES + length).array();
    byte[] signature = bytes(file, channel, signed.length, Keys.SIGNATURE_BYTES).array();
    Optional<String> signer = trusted.signer(signed, signature);
    if (signer.isEmpty()) {
      throw new UpdateException(
          file + " is not signed by a key this gateway trusts, or was changed after that",
          "ask where it comes from; trusted keys are in /etc/verge/update-keys");
    }
    byte[] json = new byte[length];
    System.arraycopy(signed, HEAD_BYTES, json, 0, length);
    Manifest manifest = Manifest.parse(json);
    long contentAt = (long) signed.length + Keys.SIGNATURE_BYTES;
    long expected = contentAt + manifest.files().stream().mapToLong(Manifest.Item::stored).sum();
    if (channel.size() != expected) {
      throw new UpdateException(
          file
              + " was cut off or added to: it has "
              + channel.size()
              + " bytes, its manifest says "
              + expected,
          "fetch it again");
    }
    return new Bundle(file, channel, manifest, signer.get(), contentAt);
  }

  private static ByteBuffer bytes(Path file, FileChannel channel, long at, int count)
      throws IOException, UpdateException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new UpdateException(
            file + " ends after " + channel.size() + " bytes, within its head", "fetch it again");
      }
    }
    return buffer.flip();
  }

  Manifest manifest() {
    return manifest;
  }

  /** The name of the key's file. */
  String signer() {
    return signer;
  }

  /**
   * The content of a file that is stored in the bundle; never more bytes than the manifest says.
   * The sum is the reader's to compare.
   */
  InputStream content(Manifest.Item item) throws IOException {
    long at = contentAt;
    for (Manifest.Item earlier : manifest.files()) {
      if (earlier.equals(item)) {
        break;
      }
      at += earlier.stored();
    }
    channel.position(at);
    InputStream packed = new Limited(Channels.newInputStream(channel), item.stored());
    Inflater inflater = new Inflater(true);
    return new Limited(
        new InflaterInputStream(new BufferedInputStream(packed), inflater), item.size()) {
      @Override
      public void close() {
        // The channel stays open for the next file.
        inflater.end();
      }
    };
  }

  @Override
  public String toString() {
    return file + " (" + manifest.version() + ", " + manifest.arch() + ")";
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** At most so many bytes of a stream. */
  private static class Limited extends FilterInputStream {
    private long left;

    Limited(InputStream in, long left) {
      super(in);
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = super.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }

    @Override
    public int available() {
      return 0;
    }
  }

  /** The SHA-256 of all bytes of a stream, in hexadecimal. */
  static String sum(InputStream in) throws IOException {
    MessageDigest digest = Sha256.start();
    byte[] chunk = new byte[16 << 10];
    for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
      digest.update(chunk, 0, count);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String sum(byte[] bytes) throws IOException {
    return sum(new ByteArrayInputStream(bytes));
  }

  /** The head of a bundle up to the signature: what is signed. */
  static byte[] signedHead(byte[] json) {
    return ByteBuffer.allocate(HEAD_BYTES + json.length)
        .put(MAGIC)
        .putInt(json.length)
        .put(json)
        .array();
  }

  static void write(OutputStream out, byte[] head, byte[] signature) throws IOException {
    out.write(head);
    out.write(signature);
  }
}
