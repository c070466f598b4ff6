package io.verge.local;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connected client: its half-read line, its unsent answers, its open requests. */
final class Caller {
  /** Answers waiting to be sent; above it neither requests nor feeds are taken further. */
  static final int UNSENT_MAX = 256 << 10;

  /** Requests of one client that may be under way at once. */
  static final int OPEN_MAX = 8;

  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private final SocketChannel channel;
  private final SelectionKey key;
  private final String who;
  private final ArrayDeque<ByteBuffer> unsent = new ArrayDeque<>();
  private final List<Feed> feeds = new ArrayList<>();
  private final Map<Long, Long> awaited = new HashMap<>();
  private byte[] received = new byte[1024];
  private int length;
  private int unsentBytes;
  private boolean ending;
  private long heardNanos;
  private long progressNanos;

  /**
   * @param who the user at the other end, as the kernel says.
   */
  Caller(SocketChannel channel, SelectionKey key, String who, long nowNanos) {
    this.who = who;
    this.channel = channel;
    this.key = key;
    this.heardNanos = nowNanos;
    this.progressNanos = nowNanos;
  }

  String who() {
    return who;
  }

  /** When it came, or last asked. */
  long heardNanos() {
    return heardNanos;
  }

  SelectionKey key() {
    return key;
  }

  boolean isFull() {
    return unsentBytes >= UNSENT_MAX;
  }

  /**
   * Reads what is there, once.
   *
   * @return false when the client has gone.
   */
  boolean read(ByteBuffer scratch) throws IOException {
    scratch.clear().limit(Math.min(scratch.capacity(), Protocol.REQUEST_MAX + 1 - length));
    int count = channel.read(scratch);
    if (count < 0) {
      return false;
    }
    if (length + count > received.length) {
      received = Arrays.copyOf(received, Math.min(Protocol.REQUEST_MAX + 1, 2 * (length + count)));
    }
    scratch.flip().get(received, length, count);
    length += count;
    return true;
  }

  /** The next whole line, or null. A line that is too long ends the conversation. */
  byte @Nullable [] line(long nowNanos) {
    if (ending || isFull()) {
      return null;
    }
    for (int i = 0; i < length; i++) {
      if (received[i] == '\n') {
        byte[] line = Arrays.copyOf(received, i);
        length -= i + 1;
        System.arraycopy(received, i + 1, received, 0, length);
        heardNanos = nowNanos;
        return line;
      }
    }
    if (length > Protocol.REQUEST_MAX) {
      fail(0, Protocol.TOO_LONG, "a request has at most " + Protocol.REQUEST_MAX + " bytes", "");
      ending = true;
    }
    return null;
  }

  void answer(long id, Object view) {
    put(id, "ok", GSON.toJsonTree(view));
  }

  void fail(long id, String code, String message, String next) {
    JsonObject error = new JsonObject();
    error.addProperty("code", code);
    error.addProperty("message", message);
    error.addProperty("next", next);
    put(id, "error", error);
  }

  /** No more requests; closed when everything is sent. */
  void end() {
    ending = true;
  }

  boolean hasRoom() {
    return feeds.size() + awaited.size() < OPEN_MAX;
  }

  void add(Feed feed) {
    feeds.add(feed);
  }

  /** Whether a request with this id is still under way. */
  boolean isOpen(long id) {
    return awaited.containsKey(id) || feeds.stream().anyMatch(feed -> feed.id() == id);
  }

  void await(long id, long untilNanos) {
    awaited.put(id, untilNanos);
  }

  /** False when nobody waits for it any more. */
  boolean settle(long id) {
    return awaited.remove(id) != null;
  }

  /** Ids whose answer is overdue; they are no longer awaited. */
  List<Long> overdue(long nowNanos) {
    List<Long> late = new ArrayList<>();
    awaited.forEach(
        (id, until) -> {
          if (until - nowNanos <= 0) {
            late.add(id);
          }
        });
    late.forEach(awaited::remove);
    return late;
  }

  /**
   * Encodes from the feeds as far as there is room, and sends as far as the client takes it.
   *
   * @return whether there is room again, for what had none before.
   */
  boolean pump(long nowNanos) throws IOException {
    for (Feed feed : List.copyOf(feeds)) {
      Object item;
      while (!isFull() && (item = feed.next()) != null) {
        put(feed.id(), "item", GSON.toJsonTree(item));
      }
      if (feed.isEnded()) {
        if (feed.failure().isEmpty()) {
          JsonObject end = head(feed.id());
          end.addProperty("end", true);
          put(end);
        } else {
          fail(feed.id(), Protocol.FAILED, feed.failure(), "verge status");
        }
        feed.close();
        feeds.remove(feed);
      }
    }
    if (unsent.isEmpty()) {
      progressNanos = nowNanos;
    }
    boolean wasFull = isFull();
    send(nowNanos);
    boolean reads = !ending && !isFull() && length <= Protocol.REQUEST_MAX;
    key.interestOps(
        (reads ? SelectionKey.OP_READ : 0) | (unsent.isEmpty() ? 0 : SelectionKey.OP_WRITE));
    return wasFull && !isFull();
  }

  private void send(long nowNanos) throws IOException {
    while (!unsent.isEmpty()) {
      ByteBuffer first = unsent.peekFirst();
      int sent = channel.write(first);
      unsentBytes -= sent;
      if (sent > 0) {
        progressNanos = nowNanos;
      }
      if (first.hasRemaining()) {
        return;
      }
      unsent.removeFirst();
    }
  }

  /** There is nothing to wait for: no answer to come, none to send. */
  boolean isIdleSince(long thenNanos) {
    return unsent.isEmpty() && feeds.isEmpty() && awaited.isEmpty() && heardNanos - thenNanos <= 0;
  }

  /** It has not taken a byte since then, or let a watch run over. */
  boolean isStuckSince(long thenNanos) {
    return (!unsent.isEmpty() && progressNanos - thenNanos <= 0)
        || feeds.stream().anyMatch(Feed::hasOverflowed);
  }

  boolean isFinished() {
    return ending && unsent.isEmpty();
  }

  void close() throws IOException {
    feeds.forEach(Feed::close);
    key.cancel();
    channel.close();
  }

  private static JsonObject head(long id) {
    JsonObject head = new JsonObject();
    head.addProperty("v", Protocol.VERSION);
    head.addProperty("id", id);
    return head;
  }

  private void put(long id, String name, JsonElement value) {
    JsonObject answer = head(id);
    answer.add(name, value);
    put(answer);
  }

  private void put(JsonObject answer) {
    byte[] bytes = (GSON.toJson(answer) + "\n").getBytes(StandardCharsets.UTF_8);
    unsent.addLast(ByteBuffer.wrap(bytes));
    unsentBytes += bytes.length;
  }
}
