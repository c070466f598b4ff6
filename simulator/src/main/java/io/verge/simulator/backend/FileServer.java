package io.verge.simulator.backend;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Serves the files of a folder over HTTP/1.1, from where a client asks (RFC 9110, section 14), and
 * may hang up after some bytes, as a bad line does. One client at a time, on a thread of its own.
 */
public final class FileServer implements AutoCloseable {
  private static final Pattern REQUEST =
      Pattern.compile("GET /([A-Za-z0-9._~-]{1,120}) HTTP/1\\.1");
  private static final Pattern RANGE =
      Pattern.compile("range: *bytes=([0-9]{1,18})-", Pattern.CASE_INSENSITIVE);
  private static final int LINE_MAX = 8 * 1024;
  private static final int SILENT_MS = 20_000;
  private static final int PIECE = 16 * 1024;

  private final Path folder;
  private final long cutAfter;
  private final ServerSocket server;
  private final Consumer<String> told;

  /**
   * @param port of the loopback; 0: any free one.
   * @param tls how to speak TLS; null: plain HTTP.
   * @param cutAfter bytes of a file's content after which it hangs up.
   * @param told a line a request.
   */
  public FileServer(
      Path folder, int port, @Nullable SSLContext tls, long cutAfter, Consumer<String> told)
      throws IOException {
    this.folder = folder;
    this.cutAfter = cutAfter;
    this.told = told;
    ServerSocketFactory sockets =
        tls == null ? ServerSocketFactory.getDefault() : tls.getServerSocketFactory();
    server = sockets.createServerSocket(port, 10, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "file server");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.getLocalPort();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        client.setSoTimeout(SILENT_MS);
        answer(client);
      } catch (IOException e) {
        told.accept("a client has gone: " + e.getMessage());
      }
    }
  }

  private void answer(Socket client) throws IOException {
    InputStream in = new BufferedInputStream(client.getInputStream());
    Matcher request = REQUEST.matcher(line(in));
    boolean isRequest = request.matches();
    long from = 0;
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      Matcher range = RANGE.matcher(field);
      from = range.matches() ? Long.parseLong(range.group(1)) : from;
    }
    OutputStream out = client.getOutputStream();
    Path file = isRequest ? folder.resolve(request.group(1)) : folder;
    if (!Files.isRegularFile(file)) {
      head(out, "404 Not Found", 0, "");
      return;
    }
    long size = Files.size(file);
    if (from > 0 && from >= size) {
      head(out, "416 Range Not Satisfiable", 0, "Content-Range: bytes */" + size + "\r\n");
      return;
    }
    String range = "Content-Range: bytes " + from + "-" + (size - 1) + "/" + size + "\r\n";
    head(out, from == 0 ? "200 OK" : "206 Partial Content", size - from, from == 0 ? "" : range);
    long count = send(file, from, Math.min(size - from, cutAfter), out);
    told.accept(file.getFileName() + ": " + count + " bytes from " + from + " of " + size);
  }

  private static void head(OutputStream out, String status, long length, String more)
      throws IOException {
    String head =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Length: "
            + length
            + "\r\n"
            + more
            + "Connection: close";
    out.write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static long send(Path file, long from, long count, OutputStream out) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      content.skipNBytes(from);
      long sent = 0;
      while (sent < count) {
        byte[] piece = content.readNBytes((int) Math.min(PIECE, count - sent));
        if (piece.length == 0) {
          return sent;
        }
        out.write(piece);
        sent += piece.length;
      }
      out.flush();
      return sent;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0 || line.length() == LINE_MAX) {
        throw new IOException("no HTTP request");
      }
      line.append((char) one);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
