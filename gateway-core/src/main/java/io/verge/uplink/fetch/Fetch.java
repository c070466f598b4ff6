package io.verge.uplink.fetch;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.mqtt.LineSocket;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One GET of the rest of a file whose length is known (RFC 9110, section 14; HTTP/1.1 of RFC 9112,
 * without chunks: a server that knows the file knows its length).
 */
public final class Fetch implements AutoCloseable {
  private static final int TIMEOUT_MS = 30_000;
  private static final int HEAD_MAX = 16 * 1024;
  private static final int REDIRECTS_MAX = 3;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;

  private final Socket socket;
  private final InputStream in;
  private final long from;
  private long left;

  private Fetch(Socket socket, InputStream in, long from, long left) {
    this.socket = socket;
    this.in = in;
    this.from = from;
    this.left = left;
  }

  /** What is counted at the sockets. */
  public record Bytes(AtomicLong sent, AtomicLong received) {
    public Bytes() {
      this(new AtomicLong(), new AtomicLong());
    }
  }

  /**
   * Whether something may be fetched from there.
   *
   * @return what is wrong with it; empty: nothing.
   */
  public static String problem(String url) {
    try {
      URI uri = URI.create(url);
      String scheme = String.valueOf(uri.getScheme());
      if (!scheme.equals("https") && !scheme.equals("http") || uri.getHost() == null) {
        return "expected https://host/path";
      }
      return uri.getUserInfo() == null ? "" : "a password in a URL is no secret";
    } catch (IllegalArgumentException e) {
      return "no URL: " + e.getMessage();
    }
  }

  /**
   * Asks for the rest; its bytes are then taken by {@link #read}.
   *
   * @param from bytes that are there already.
   * @param size of the whole file.
   * @throws IOException if the line or the server failed; another time it may work.
   * @throws FetchException if it will not.
   */
  public static Fetch open(UplinkSettings uplink, URI uri, long from, long size, Bytes bytes)
      throws IOException, FetchException {
    URI at = uri;
    for (int redirect = 0; redirect <= REDIRECTS_MAX; redirect++) {
      boolean secure = "https".equals(at.getScheme());
      int port = at.getPort() > 0 ? at.getPort() : secure ? 443 : 80;
      Socket socket =
          LineSocket.open(
              uplink, at.getHost(), port, secure, bytes.sent(), bytes.received(), TIMEOUT_MS);
      boolean isTaken = false;
      try {
        socket.getOutputStream().write(request(at, from));
        socket.getOutputStream().flush();
        InputStream in = new BufferedInputStream(socket.getInputStream());
        Head head = Head.read(in);
        if (head.status() / 100 == 3) {
          at = redirected(uri, at, head);
          continue;
        }
        Fetch fetch = answered(socket, in, head, from, size);
        isTaken = true;
        return fetch;
      } finally {
        if (!isTaken) {
          socket.close();
        }
      }
    }
    throw new FetchException("more than " + REDIRECTS_MAX + " redirections from " + uri);
  }

  private static byte[] request(URI uri, long from) {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String host = uri.getPort() > 0 ? uri.getHost() + ":" + uri.getPort() : uri.getHost();
    String range = from > 0 ? "Range: bytes=" + from + "-\r\n" : "";
    return ("GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
            + range
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static URI redirected(URI first, URI from, Head head) throws FetchException {
    String to = head.fields().get("location");
    URI next;
    try {
      next = from.resolve(to == null ? "" : to);
    } catch (IllegalArgumentException e) {
      throw new FetchException("redirected to something that is no URL");
    }
    if (to == null || !problem(next.toString()).isEmpty()) {
      throw new FetchException("redirected to nowhere from " + from);
    }
    if ("https".equals(first.getScheme()) && !"https".equals(next.getScheme())) {
      throw new FetchException("redirected from https to " + next.getScheme());
    }
    return next;
  }

  private static Fetch answered(Socket socket, InputStream in, Head head, long from, long size)
      throws IOException, FetchException {
    int status = head.status();
    if (head.fields().containsKey("transfer-encoding")) {
      throw new FetchException("the server does not say how long the file is");
    }
    if (status == PARTIAL) {
      String range = "bytes " + from + "-" + (size - 1) + "/" + size;
      String found = head.fields().getOrDefault("content-range", "none");
      if (!found.equals(range)) {
        throw new FetchException("asked for " + range + ", the server has " + shown(found));
      }
      return new Fetch(socket, in, from, size - from);
    }
    if (status == OK) {
      String length = head.fields().getOrDefault("content-length", "none");
      if (!length.equals(String.valueOf(size))) {
        throw new FetchException(
            "ordered were " + size + " bytes, the server has " + shown(length));
      }
      return new Fetch(socket, in, 0, size);
    }
    boolean mayPass =
        status >= 500 || status == REQUEST_TIMEOUT || status == TOO_EARLY || status == TOO_MANY;
    if (mayPass) {
      throw new IOException("the server answered " + status);
    }
    if (status == RANGE_NOT_SATISFIABLE) {
      throw new FetchException("the server's file has not even " + from + " bytes");
    }
    throw new FetchException("the server answered " + status);
  }

  private static String shown(String text) {
    String clean = text.replaceAll("[^ -~]", "?");
    return clean.length() > 60 ? clean.substring(0, 60) + "…" : clean;
  }

  /** Where its bytes begin: as asked for, or 0 where the server gives whole files only. */
  public long from() {
    return from;
  }

  /**
   * Takes some bytes.
   *
   * @return how many; 0: the file is whole.
   * @throws IOException if the line failed before.
   */
  public int read(byte[] to) throws IOException {
    if (left == 0) {
      return 0;
    }
    int count = in.read(to, 0, (int) Math.min(left, to.length));
    if (count < 0) {
      throw new IOException("the server hung up " + left + " bytes before the end");
    }
    left -= count;
    return count;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Status line and fields, names in lower case; of a repeated one the last. */
  private record Head(int status, Map<String, String> fields) {
    static Head read(InputStream in) throws IOException {
      int[] room = {HEAD_MAX};
      String status = line(in, room);
      if (!status.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
        throw new IOException("no HTTP server answered: \"" + shown(status) + "\"");
      }
      Map<String, String> fields = new HashMap<>();
      String field = line(in, room);
      while (!field.isEmpty()) {
        int colon = field.indexOf(':');
        if (colon > 0) {
          fields.put(
              field.substring(0, colon).toLowerCase(Locale.ROOT),
              field.substring(colon + 1).strip());
        }
        field = line(in, room);
      }
      return new Head(Integer.parseInt(status.substring(9, 12)), fields);
    }

    private static @Nullable String end(StringBuilder line, int one) throws IOException {
      if (one < 0) {
        throw new IOException("the server hung up within its answer's head");
      }
      return one == '\n' ? line.toString().strip() : null;
    }

    private static String line(InputStream in, int[] room) throws IOException {
      StringBuilder line = new StringBuilder();
      while (room[0]-- > 0) {
        int one = in.read();
        String whole = end(line, one);
        if (whole != null) {
          return whole;
        }
        line.append((char) one);
      }
      throw new IOException("the head of the server's answer is longer than " + HEAD_MAX);
    }
  }
}
