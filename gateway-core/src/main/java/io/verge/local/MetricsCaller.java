package io.verge.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One collector: its request (RFC 9112), of which only the first is read, and what it is told. */
final class MetricsCaller {
  /** Of a request's head; a body is not read. */
  static final int HEAD_MAX = 4096;

  private static final String END = "\r\n\r\n";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /** A name may be somebody else's that was made to point here: DNS rebinding. */
  private static final Pattern OURS =
      Pattern.compile("(127(\\.\\d{1,3}){3}|\\[::1]|localhost)(:\\d{1,5})?");

  /** What a client wants. */
  enum Asked {
    NOTHING_YET,
    METRICS,
    REFUSED,
    ANSWERED
  }

  private final SocketChannel channel;
  private final long sinceNanos;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_MAX);
  private @Nullable SelectionKey key;
  private @Nullable ByteBuffer answer;
  private boolean isHead;

  MetricsCaller(SocketChannel channel, long sinceNanos) {
    this.channel = channel;
    this.sinceNanos = sinceNanos;
  }

  void attach(SelectionKey registered) {
    key = registered;
    registered.attach(this);
  }

  long sinceNanos() {
    return sinceNanos;
  }

  /**
   * Reads what is there, once.
   *
   * @throws IOException if it has gone.
   */
  Asked read() throws IOException {
    if (answer != null) {
      return Asked.ANSWERED;
    }
    if (channel.read(head) < 0) {
      throw new IOException("closed before its request ended");
    }
    String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
    if (text.contains(END)) {
      return asked(text.substring(0, text.indexOf(END)));
    }
    return head.hasRemaining()
        ? Asked.NOTHING_YET
        : refuse(431, "Request Header Fields Too Large", "at most " + HEAD_MAX + " bytes");
  }

  private Asked asked(String request) {
    String[] lines = request.split("\r\n", -1);
    String[] line = lines[0].split(" ", -1);
    if (line.length != 3 || !line[2].matches("HTTP/1\\.[01]")) {
      return refuse(400, "Bad Request", "expected GET /metrics HTTP/1.1");
    }
    if (!isForUs(lines)) {
      return refuse(421, "Misdirected Request", "ask by address, not by another name");
    }
    isHead = line[0].equals("HEAD");
    if (!isHead && !line[0].equals("GET")) {
      return refuse(405, "Method Not Allowed", "expected GET");
    }
    return line[1].equals("/metrics")
        ? Asked.METRICS
        : refuse(404, "Not Found", "the only page is /metrics");
  }

  private static boolean isForUs(String[] lines) {
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0 && lines[i].substring(0, colon).equalsIgnoreCase("host")) {
        String host = lines[i].substring(colon + 1).strip().toLowerCase(Locale.ROOT);
        if (!OURS.matcher(host).matches()) {
          return false;
        }
      }
    }
    return true;
  }

  void answer(String text) {
    put("200 OK", OPEN_METRICS, text);
  }

  Asked refuse(int status, String reason, String why) {
    put(status + " " + reason, TEXT, why + "\n");
    return Asked.REFUSED;
  }

  private void put(String status, String type, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    String fields =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + (status.startsWith("405") ? "\r\nAllow: GET, HEAD" : "")
            + "\r\nCache-Control: no-store\r\nConnection: close"
            + END;
    byte[] first = fields.getBytes(StandardCharsets.US_ASCII);
    int length = isHead ? 0 : body.length;
    answer = ByteBuffer.allocate(first.length + length).put(first).put(body, 0, length).flip();
  }

  /**
   * Sends as far as the client takes it.
   *
   * @return whether the whole answer is out.
   */
  boolean send() throws IOException {
    ByteBuffer left = answer;
    if (left == null) {
      return false;
    }
    channel.write(left);
    if (key != null) {
      key.interestOps(SelectionKey.OP_WRITE);
    }
    return !left.hasRemaining();
  }

  void close() throws IOException {
    channel.close();
  }
}
