package io.verge.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** Writes a gzipped ustar archive (POSIX.1-1988) of small files. */
final class TarGz implements AutoCloseable {
  private static final int BLOCK = 512;

  /** Of the {@code name} field. */
  private static final int NAME_MAX = 100;

  private final OutputStream out;
  private final long seconds;

  /**
   * @param seconds since 1970, the time all members get.
   */
  TarGz(OutputStream target, long seconds) throws IOException {
    this.out = new GZIPOutputStream(target);
    this.seconds = seconds;
  }

  /**
   * @param name at most 100 bytes of ASCII.
   */
  void add(String name, byte[] content) throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > NAME_MAX) {
      throw new IllegalArgumentException("a name of " + bytes.length + " bytes: " + name);
    }
    byte[] header = new byte[BLOCK];
    System.arraycopy(bytes, 0, header, 0, bytes.length);
    put(header, 100, "0000600\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format("%011o\0", content.length));
    put(header, 136, String.format("%011o\0", seconds));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    out.write(header);
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }
}
