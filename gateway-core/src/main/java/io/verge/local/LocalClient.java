package io.verge.local;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The asking end of the control socket: one request at a time, on the caller's thread. */
public final class LocalClient implements AutoCloseable {
  /** A gateway that is alive answers from snapshots, within milliseconds. */
  public static final int ANSWER_MS = 10_000;

  /** A read or a lamp waits for its bus; the gateway gives up after 60 s. */
  public static final int FIELD_MS = 70_000;

  /** Waits for the next item of a watch for ever. */
  public static final int NO_LIMIT = 0;

  /** EAGAIN of connect(2): the queue is full. The JDK tells it by its text. */
  private static final String AGAIN = "temporarily unavailable";

  /** Between two tries to connect while others wait before us. */
  private static final int RETRY_MS = 50;

  private static final String START =
      "Start it: systemctl start verge   (in the foreground: verge run --config FILE)";

  /** Nobody answers, or what answers is no gateway. */
  public static final class Unreachable extends Exception {
    private final String next;

    Unreachable(String message, String next, @Nullable Throwable cause) {
      super(message, cause);
      this.next = next;
    }

    /** What to do about it. */
    public String next() {
      return next;
    }
  }

  /** The gateway answered with an error. */
  public static final class Refused extends Exception {
    private final String code;
    private final String next;

    Refused(String code, String message, String next) {
      super(message);
      this.code = code;
      this.next = next;
    }

    /** One of the words of {@link Protocol}. */
    public String code() {
      return code;
    }

    /** What to do about it; may be empty. */
    public String next() {
      return next;
    }
  }

  private final Gson gson = new Gson();
  private final Path path;
  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final ByteBuffer scratch = ByteBuffer.allocate(64 << 10).limit(0);
  private long lastId;

  private LocalClient(Path path, SocketChannel channel, Selector selector) throws IOException {
    this.path = path;
    this.channel = channel;
    this.selector = selector;
    this.key = channel.register(selector, SelectionKey.OP_READ);
  }

  /**
   * Connects.
   *
   * @throws Unreachable with what to do about it.
   */
  public static LocalClient open(Path path) throws Unreachable {
    SocketChannel channel = null;
    Selector selector = null;
    try {
      selector = Selector.open();
      channel = connected(path, selector);
      return new LocalClient(path, channel, selector);
    } catch (IOException e) {
      Unreachable unreachable = unreachable(path, e);
      for (AutoCloseable open : new AutoCloseable[] {channel, selector}) {
        close(open, unreachable);
      }
      throw unreachable;
    }
  }

  /** A hung gateway's queue may be full, and a blocking connect would wait for ever. */
  private static SocketChannel connected(Path path, Selector pause) throws IOException {
    for (int tried = 0; tried < ANSWER_MS / RETRY_MS; tried++) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.configureBlocking(false);
        if (channel.connect(UnixDomainSocketAddress.of(path))) {
          return channel;
        }
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains(AGAIN)) {
          channel.close();
          throw e;
        }
      }
      channel.close();
      pause.select(RETRY_MS);
    }
    throw new IOException("too many wait there already, and it takes none of them");
  }

  private static void close(@Nullable AutoCloseable open, Throwable cause) {
    if (open != null) {
      try {
        open.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static Unreachable unreachable(Path path, IOException e) {
    String why = String.valueOf(e.getMessage());
    if (why.contains("Permission denied")) {
      return new Unreachable(
          "you may not open " + path,
          "Join the group: sudo usermod -aG verge $USER, then log in again.   (or use sudo)",
          e);
    }
    if (Starting.isUnderWay(path)) {
      return new Unreachable(
          "the gateway is starting: it opens its store, which takes minutes after damage",
          "Ask again. Its log: journalctl -u verge -e",
          e);
    }
    if (!Files.exists(path)) {
      return new Unreachable("the gateway is not running: there is no socket " + path, START, e);
    }
    if (why.contains("refused")) {
      return new Unreachable("the gateway is not running: nobody answers on " + path, START, e);
    }
    return new Unreachable("cannot connect to " + path + ": " + why, START, e);
  }

  /**
   * Asks for one answer.
   *
   * @param waitMs how long the gateway may say nothing.
   */
  public JsonObject ask(String word, JsonObject args, int waitMs) throws Unreachable, Refused {
    isAlive(waitMs);
    long id = send(word, args);
    JsonObject answer = answer(id, waitMs);
    if (answer.get("ok") instanceof JsonObject ok) {
      return ok;
    }
    throw strange(null);
  }

  /** Takes one item of a stream, as a record and as it came; answers whether it wants more. */
  public interface Taker<T extends Record> {
    boolean take(T view, JsonObject raw);
  }

  /**
   * Asks for a stream of items; returns when it ended, or when the taker has had enough (then this
   * client is only good for closing).
   *
   * @param waitMs how long the gateway may say nothing; {@link #NO_LIMIT} for a watch.
   */
  public <T extends Record> void views(
      String word, JsonObject args, int waitMs, Class<T> type, Taker<T> taker)
      throws Unreachable, Refused {
    isAlive(waitMs);
    long id = send(word, args);
    while (true) {
      JsonObject answer = answer(id, waitMs);
      if (answer.has("end")) {
        return;
      }
      if (!(answer.get("item") instanceof JsonObject item)) {
        throw strange(null);
      }
      if (!taker.take(view(item, type), item)) {
        return;
      }
    }
  }

  /** Before a long wait: a gateway that hangs is to be found out soon. */
  private void isAlive(int waitMs) throws Unreachable, Refused {
    if (waitMs == NO_LIMIT || waitMs > ANSWER_MS) {
      answer(send("buffer", new JsonObject()), ANSWER_MS);
    }
  }

  private long send(String word, JsonObject args) throws Unreachable {
    JsonObject request = new JsonObject();
    request.addProperty("v", Protocol.VERSION);
    request.addProperty("id", ++lastId);
    request.addProperty("do", word);
    request.add("args", args);
    byte[] line = (gson.toJson(request) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      while (bytes.hasRemaining()) {
        if (channel.write(bytes) == 0) {
          await(SelectionKey.OP_WRITE, ANSWER_MS);
        }
      }
    } catch (IOException e) {
      // A gateway that refuses a client writes why before it closes: that is read by answer().
      if (bytes.position() > 0) {
        throw lost(e);
      }
    }
    return lastId;
  }

  private JsonObject answer(long id, int waitMs) throws Unreachable, Refused {
    while (true) {
      JsonObject answer = parse(line(waitMs));
      if (answer.get("error") instanceof JsonObject error) {
        throw new Refused(text(error, "code"), text(error, "message"), text(error, "next"));
      }
      JsonElement answered = answer.get("id");
      if (answered != null
          && answered.isJsonPrimitive()
          && answered.getAsString().equals("" + id)) {
        return answer;
      }
    }
  }

  private static String text(JsonObject object, String name) {
    JsonElement value = object.get(name);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  private JsonObject parse(String line) throws Unreachable {
    try {
      JsonObject object = gson.fromJson(line, JsonObject.class);
      if (object != null) {
        return object;
      }
    } catch (JsonParseException e) {
      throw strange(e);
    }
    throw strange(null);
  }

  private String line(int waitMs) throws Unreachable {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      while (true) {
        while (scratch.hasRemaining()) {
          byte b = scratch.get();
          if (b == '\n') {
            return line.toString(StandardCharsets.UTF_8);
          }
          line.write(b);
        }
        if (line.size() > Protocol.ANSWER_MAX) {
          throw strange(null);
        }
        scratch.clear();
        int count = channel.read(scratch);
        scratch.flip();
        if (count < 0) {
          throw lost(null);
        }
        if (count == 0) {
          await(SelectionKey.OP_READ, waitMs);
        }
      }
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private void await(int operation, int waitMs) throws IOException, Unreachable {
    key.interestOps(operation);
    int ready = selector.select(waitMs);
    selector.selectedKeys().clear();
    if (ready == 0) {
      throw new Unreachable(
          Thread.currentThread().isInterrupted()
              ? "interrupted"
              : "the gateway holds the connection but says nothing for " + waitMs / 1000 + " s",
          "Its log: journalctl -u verge -e   If it hangs: systemctl restart verge",
          null);
    }
  }

  private Unreachable lost(@Nullable IOException cause) {
    return new Unreachable(
        "the gateway closed the connection", "See its log: journalctl -u verge -e", cause);
  }

  private Unreachable strange(@Nullable Throwable cause) {
    return new Unreachable(
        "what answers on " + path + " does not speak this version's language",
        "Compare: verge version, and the version in the gateway's log",
        cause);
  }

  /**
   * An answer as a record of this package.
   *
   * @throws Unreachable when parts are missing.
   */
  public <T extends Record> T view(JsonObject object, Class<T> type) throws Unreachable {
    try {
      T view = gson.fromJson(object, type);
      if (view != null && Shape.isWhole(view)) {
        return view;
      }
    } catch (RuntimeException e) {
      // Gson reports a record whose constructor refuses its arguments as a bare RuntimeException.
      throw strange(e);
    }
    throw strange(null);
  }

  @Override
  public void close() throws IOException {
    try (selector) {
      channel.close();
    }
  }
}
