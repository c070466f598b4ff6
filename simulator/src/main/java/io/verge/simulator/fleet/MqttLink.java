package io.verge.simulator.fleet;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One gateway's connection: MQTT 5 over a channel of the {@link Loop}, which calls all methods but
 * those of {@link UplinkTransport}. State under its own lock.
 */
final class MqttLink implements UplinkTransport {
  static final int PACKET_MAX = 64 * 1024;

  private static final int READ_BYTES = 2048;
  private static final int FAILURE_FROM = 0x80;
  private static final int PORT = 1883;

  private final UplinkSettings settings;
  private final byte[] lastWill;
  private final Loop loop;
  private final FleetFigures figures;
  private final String user;
  private final String password;
  private final String prefix;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private final Map<Integer, Long> tokens = new HashMap<>();
  private ByteBuffer in = ByteBuffer.allocate(READ_BYTES);
  private @Nullable Listener listener;
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private int lastId;
  private boolean closing;
  private boolean pinged;
  private long lastMs = System.nanoTime() / 1_000_000;

  MqttLink(
      UplinkSettings settings,
      byte[] lastWill,
      Loop loop,
      FleetFigures figures,
      String user,
      String password) {
    this.settings = settings;
    this.lastWill = lastWill.clone();
    this.loop = loop;
    this.figures = figures;
    this.user = user;
    this.password = password;
    this.prefix = "verge/v1/" + settings.gateway() + "/";
  }

  @Override
  public void open(Listener newListener) {
    synchronized (this) {
      listener = newListener;
    }
    loop.run(this::connect);
  }

  private void connect() {
    try {
      int port = settings.uri().getPort() < 0 ? PORT : settings.uri().getPort();
      SocketChannel fresh = SocketChannel.open();
      synchronized (this) {
        if (closing) {
          fresh.close();
          return;
        }
        channel = fresh;
      }
      fresh.configureBlocking(false);
      fresh.socket().setTcpNoDelay(true);
      SelectionKey registered = loop.register(fresh, this);
      synchronized (this) {
        key = registered;
      }
      if (fresh.connect(new InetSocketAddress(settings.uri().getHost(), port))) {
        connected();
      }
    } catch (IOException | RuntimeException e) {
      down(String.valueOf(e.getMessage()), false);
    }
  }

  private void connected() {
    SelectionKey now = key;
    if (now != null) {
      now.interestOps(SelectionKey.OP_READ);
    }
    write(
        MqttPackets.connect(
            "verge-" + settings.gateway() + "-" + settings.name(),
            (int) (settings.keepAliveMs() / 1000),
            prefix + "state",
            lastWill,
            user.getBytes(StandardCharsets.UTF_8),
            password.getBytes(StandardCharsets.UTF_8)));
  }

  /** Something can be done with the channel. Loop thread. */
  void ready(SelectionKey now) {
    try {
      SocketChannel at = (SocketChannel) now.channel();
      if (now.isConnectable() && at.finishConnect()) {
        connected();
      }
      if (now.isValid() && now.isReadable()) {
        read(at);
      }
      if (now.isValid() && now.isWritable()) {
        flush();
      }
    } catch (IOException e) {
      down(String.valueOf(e.getMessage()), false);
    }
  }

  private void read(SocketChannel at) throws IOException {
    int count = at.read(in);
    if (count < 0) {
      down("the broker hung up", false);
      return;
    }
    received.addAndGet(count);
    figures.received.addAndGet(count);
    in.flip();
    while (packet()) {
      lastMs = System.nanoTime() / 1_000_000;
    }
    in.compact();
    if (!in.hasRemaining()) {
      if (in.capacity() >= 2 * PACKET_MAX) {
        throw new IOException("a packet of more than " + PACKET_MAX + " bytes");
      }
      in = ByteBuffer.allocate(in.capacity() * 2).put(in.flip());
    }
  }

  /** Takes one whole packet from the buffer, if there is one. */
  private boolean packet() throws IOException {
    int start = in.position();
    int length = 0;
    int at = start + 1;
    for (int shift = 0; ; shift += 7) {
      if (at >= in.limit()) {
        return false;
      }
      if (shift > 21) {
        throw new IOException("a length of more than 4 bytes");
      }
      int next = in.get(at++) & 0xFF;
      length |= (next & 0x7F) << shift;
      if (next < 0x80) {
        break;
      }
    }
    if (length > PACKET_MAX) {
      throw new IOException("a packet of " + length + " bytes");
    }
    if (in.limit() - at < length) {
      return false;
    }
    int first = in.get(start) & 0xFF;
    ByteBuffer body = in.duplicate().position(at).limit(at + length).slice();
    in.position(at + length);
    try {
      packet(first, body);
    } catch (java.nio.BufferUnderflowException e) {
      throw new IOException("packet 0x" + Integer.toHexString(first) + " is cut off", e);
    }
    return true;
  }

  private void packet(int first, ByteBuffer body) throws IOException {
    switch (first >> 4) {
      case MqttPackets.CONNACK -> {
        body.get();
        int reason = body.get() & 0xFF;
        if (reason >= FAILURE_FROM) {
          down("refused by the broker (" + reason + ")", true);
        } else {
          write(MqttPackets.subscribe(id(), prefix + "ack", prefix + "command"));
        }
      }
      case MqttPackets.SUBACK -> {
        if ((body.get(body.limit() - 1) & 0xFF) >= FAILURE_FROM) {
          down("may not subscribe", true);
        } else {
          tell(Listener::up);
        }
      }
      case MqttPackets.PUBACK -> {
        int id = body.getShort() & 0xFFFF;
        int reason = body.hasRemaining() ? body.get() & 0xFF : 0;
        Long token;
        synchronized (this) {
          token = tokens.remove(id);
        }
        if (token != null) {
          long known = token;
          tell(
              reason >= FAILURE_FROM
                  ? to -> to.failed(known, "refused by the broker (" + reason + ")")
                  : to -> to.taken(known));
        }
      }
      case MqttPackets.PUBLISH -> published(first, body);
      case MqttPackets.PINGRESP -> pinged = false;
      case MqttPackets.DISCONNECT -> down("disconnected by the broker", false);
      default -> throw new IOException("packet 0x" + Integer.toHexString(first));
    }
  }

  private void published(int first, ByteBuffer body) {
    byte[] name = new byte[body.getShort() & 0xFFFF];
    body.get(name);
    int qos = first >> 1 & 3;
    int id = qos > 0 ? body.getShort() & 0xFFFF : 0;
    int skip = 0;
    for (int shift = 0, next = 0x80; next >= 0x80; shift += 7) {
      next = body.get() & 0xFF;
      skip |= (next & 0x7F) << shift;
    }
    body.position(body.position() + skip);
    byte[] payload = new byte[body.remaining()];
    body.get(payload);
    if (qos > 0) {
      write(MqttPackets.puback(id));
    }
    String topic = new String(name, StandardCharsets.UTF_8);
    if (topic.equals(prefix + "ack")) {
      tell(to -> to.ack(payload));
    } else if (topic.equals(prefix + "command")) {
      tell(to -> to.command(payload));
    } else {
      tell(to -> to.foreign(topic, payload.length));
    }
  }

  private interface Telling {
    void to(Listener listener);
  }

  private void tell(Telling what) {
    Listener to;
    synchronized (this) {
      to = listener;
    }
    if (to != null) {
      what.to(to);
    }
  }

  private synchronized int id() {
    lastId = lastId % 0xFFFF + 1;
    return lastId;
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    boolean retain = kind == Kind.CATALOG || kind == Kind.STATE;
    String topic = prefix + kind.name().toLowerCase(Locale.ROOT);
    int id = id();
    synchronized (this) {
      tokens.put(id, token);
    }
    write(MqttPackets.publish(topic, id, retain, message));
  }

  private void write(ByteBuffer packet) {
    synchronized (this) {
      waiting.add(packet);
      lastMs = System.nanoTime() / 1_000_000;
    }
    loop.run(this::flushOrFail);
  }

  private void flushOrFail() {
    try {
      flush();
    } catch (IOException e) {
      down(String.valueOf(e.getMessage()), false);
    }
  }

  private synchronized void flush() throws IOException {
    SocketChannel at = channel;
    SelectionKey now = key;
    if (at == null || now == null || !now.isValid() || !at.isConnected()) {
      return;
    }
    while (!waiting.isEmpty()) {
      ByteBuffer head = waiting.peekFirst();
      int count = at.write(head);
      sent.addAndGet(count);
      figures.sent.addAndGet(count);
      if (head.hasRemaining()) {
        now.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      waiting.removeFirst();
    }
    now.interestOps(SelectionKey.OP_READ);
  }

  /** Pings what has been silent, and gives up what does not answer. Loop thread, every second. */
  void look(long nowMs) {
    long silent = nowMs - lastMs;
    if (pinged && silent >= settings.keepAliveMs()) {
      down("no answer to a ping", false);
    } else if (!pinged && silent >= settings.keepAliveMs()) {
      pinged = true;
      write(MqttPackets.ping());
    }
  }

  private void down(String why, boolean refused) {
    Listener to;
    synchronized (this) {
      to = listener;
      listener = null;
    }
    hangUp();
    if (to != null) {
      to.down(why, refused);
    }
  }

  private void hangUp() {
    SocketChannel at;
    synchronized (this) {
      at = channel;
      channel = null;
      closing = true;
    }
    loop.forget(this);
    if (at != null) {
      try {
        at.close();
      } catch (IOException e) {
        org.slf4j.LoggerFactory.getLogger(MqttLink.class).debug("close: {}", e.getMessage());
      }
    }
  }

  @Override
  public long[] byteCounts() {
    return new long[] {sent.get(), received.get()};
  }

  @Override
  public void close() {
    synchronized (this) {
      listener = null;
    }
    write(MqttPackets.disconnect());
    loop.run(this::hangUp);
  }
}
