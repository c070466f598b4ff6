package io.verge.uplink.fetch;

import io.verge.time.Ticker;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.mqtt.LineSocket;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One request and its whole, small answer (HTTP/1.1 of RFC 9112), by an uplink's line. Redirections
 * are not followed: fields may hold a secret that is meant for one server.
 */
public final class HttpCall {
  /** An answer's body is no longer. */
  public static final int BODY_MAX = 256 * 1024;

  private static final int CONNECT_MS = 20_000;

  /** For the whole answer: whoever asks must not be taken for hanging. */
  private static final int ANSWER_MS = 40_000;

  /** Chunk sizes and what follows the last chunk. */
  private static final int CHUNK_LINES_MAX = 64 * 1024;

  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private HttpCall() {}

  /** An answer, whatever its status. */
  public record Answer(int status, byte[] body) {
    public boolean isGood() {
      return status / 100 == 2;
    }
  }

  /**
   * Asks and reads the whole answer, within a minute.
   *
   * @param fields further fields of the request; no line ends in them.
   * @param body empty: none.
   * @throws IOException if the line or the server failed, or the answer is too long.
   */
  public static Answer ask(
      UplinkSettings uplink,
      String method,
      URI uri,
      Map<String, String> fields,
      byte[] body,
      Fetch.Bytes bytes,
      Ticker ticker)
      throws IOException {
    boolean secure = "https".equals(uri.getScheme());
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    try (Socket socket =
        LineSocket.open(
            uplink,
            uri.getHost(),
            port,
            secure,
            bytes.sent(),
            bytes.received(),
            ticker,
            CONNECT_MS)) {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.writeBytes(head(method, uri, fields, body.length));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
      socket.getOutputStream().flush();
      InputStream in = new BufferedInputStream(new TimedInput(socket, ticker, ANSWER_MS));
      HttpHead head = HttpHead.read(in);
      while (head.status() / 100 == 1) {
        head = HttpHead.read(in);
      }
      return new Answer(head.status(), body(head, in));
    }
  }

  private static byte[] head(String method, URI uri, Map<String, String> fields, int length) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target(uri)).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host(uri)).append("\r\nConnection: close\r\n");
    fields.forEach(
        (name, value) -> {
          if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a line end in the field " + name);
          }
          head.append(name).append(": ").append(value).append("\r\n");
        });
    if (length > 0) {
      head.append("Content-Type: application/json\r\nContent-Length: ");
      head.append(length).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  static String target(URI uri) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  static String host(URI uri) {
    return uri.getPort() > 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
  }

  private static byte[] body(HttpHead head, InputStream in) throws IOException {
    if (head.status() == NO_CONTENT || head.status() == NOT_MODIFIED) {
      return new byte[0];
    }
    String coding = head.fields().getOrDefault("transfer-encoding", "identity");
    if (coding.equalsIgnoreCase("chunked")) {
      return chunked(in);
    }
    if (!coding.equalsIgnoreCase("identity")) {
      throw new IOException("the server answers in the coding " + HttpHead.shown(coding));
    }
    String length = head.fields().get("content-length");
    if (length == null) {
      byte[] body = in.readNBytes(BODY_MAX + 1);
      if (body.length > BODY_MAX) {
        throw tooLong();
      }
      return body;
    }
    if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > BODY_MAX) {
      throw tooLong();
    }
    return exactly(in, Integer.parseInt(length));
  }

  private static byte[] chunked(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int[] room = {CHUNK_LINES_MAX};
    while (true) {
      String line = HttpHead.line(in, room);
      int semicolon = line.indexOf(';');
      String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
      if (!digits.matches("[0-9a-fA-F]{1,7}")) {
        throw new IOException("the server's chunks are broken at \"" + HttpHead.shown(line) + "\"");
      }
      int size = Integer.parseInt(digits, 16);
      if (size == 0) {
        return body.toByteArray();
      }
      if (body.size() + size > BODY_MAX) {
        throw tooLong();
      }
      body.writeBytes(exactly(in, size));
      if (!HttpHead.line(in, room).isEmpty()) {
        throw new IOException("a chunk of the server is longer than it says");
      }
    }
  }

  private static byte[] exactly(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new IOException(
          "the server hung up " + (size - bytes.length) + " bytes before the end");
    }
    return bytes;
  }

  private static IOException tooLong() {
    return new IOException("the server's answer is longer than " + BODY_MAX + " bytes");
  }
}
