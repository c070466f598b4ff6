package io.verge.uplink.fetch;

import io.verge.time.Ticker;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.mqtt.LineSocket;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One GET of the rest of a file whose length is known (RFC 9110, section 14; HTTP/1.1 of RFC 9112,
 * without chunks: a server that knows the file knows its length).
 */
public final class Fetch implements AutoCloseable {
  private static final int CONNECT_MS = 20_000;

  /** For an answer's head, redirections included: whoever asks must not be taken for hanging. */
  private static final int HEAD_MS = 40_000;

  private static final int PIECE_MS = 30_000;
  private static final int REDIRECTS_MAX = 3;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;

  private final Socket socket;
  private final TimedInput timed;
  private final InputStream in;
  private final long from;
  private long left;

  private Fetch(Socket socket, TimedInput timed, InputStream in, long from, long left) {
    this.socket = socket;
    this.timed = timed;
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
   * @param fields further fields of the request; no server that it redirects to is shown them.
   * @throws IOException if the line or the server failed; another time it may work.
   * @throws FetchException if it will not.
   */
  public static Fetch open(
      UplinkSettings uplink,
      URI uri,
      long from,
      long size,
      Map<String, String> fields,
      Bytes bytes,
      Ticker ticker)
      throws IOException, FetchException {
    URI at = uri;
    long untilNanos = ticker.nanos() + HEAD_MS * 1_000_000L;
    for (int redirect = 0; redirect <= REDIRECTS_MAX; redirect++) {
      long leftMs = (untilNanos - ticker.nanos()) / 1_000_000;
      if (leftMs <= 0) {
        throw new IOException("the server redirects too slowly");
      }
      boolean secure = "https".equals(at.getScheme());
      int port = at.getPort() > 0 ? at.getPort() : secure ? 443 : 80;
      Socket socket =
          LineSocket.open(
              uplink,
              at.getHost(),
              port,
              secure,
              bytes.sent(),
              bytes.received(),
              ticker,
              CONNECT_MS);
      boolean isTaken = false;
      try {
        socket.getOutputStream().write(request(at, from, at.equals(uri) ? fields : Map.of()));
        socket.getOutputStream().flush();
        TimedInput timed = new TimedInput(socket, ticker, leftMs);
        InputStream in = new BufferedInputStream(timed);
        HttpHead head = HttpHead.read(in);
        if (head.status() / 100 == 3) {
          at = redirected(uri, at, head);
          continue;
        }
        Fetch fetch = answered(socket, timed, in, head, from, size);
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

  private static byte[] request(URI uri, long from, Map<String, String> fields) {
    String range = from > 0 ? "Range: bytes=" + from + "-\r\n" : "";
    StringBuilder more = new StringBuilder();
    fields.forEach((name, value) -> more.append(name).append(": ").append(value).append("\r\n"));
    return ("GET "
            + HttpCall.target(uri)
            + " HTTP/1.1\r\nHost: "
            + HttpCall.host(uri)
            + "\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
            + more
            + range
            + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static URI redirected(URI first, URI from, HttpHead head) throws FetchException {
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

  private static Fetch answered(
      Socket socket, TimedInput timed, InputStream in, HttpHead head, long from, long size)
      throws IOException, FetchException {
    int status = head.status();
    if (head.fields().containsKey("transfer-encoding")) {
      throw new FetchException("the server does not say how long the file is");
    }
    if (status == PARTIAL) {
      String range = "bytes " + from + "-" + (size - 1) + "/" + size;
      String found = head.fields().getOrDefault("content-range", "none");
      if (!found.equals(range)) {
        throw new FetchException(
            "asked for " + range + ", the server has " + HttpHead.shown(found));
      }
      return new Fetch(socket, timed, in, from, size - from);
    }
    if (status == OK) {
      String length = head.fields().getOrDefault("content-length", "none");
      if (!length.equals(String.valueOf(size))) {
        throw new FetchException(
            "ordered were " + size + " bytes, the server has " + HttpHead.shown(length));
      }
      return new Fetch(socket, timed, in, 0, size);
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
    timed.within(PIECE_MS);
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
}
