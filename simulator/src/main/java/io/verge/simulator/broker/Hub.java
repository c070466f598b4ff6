package io.verge.simulator.broker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The broker's rules: sessions, subscriptions, retained messages, wills. One thread. */
final class Hub {
  /** The uplink's longest message and room for topic and properties. */
  static final int PACKET_BYTES_MAX = (1 << 20) + (64 << 10);

  static final int SESSIONS_MAX = 10_000;
  static final int RETAINED_MAX = 100_000;
  private static final int RECEIVE_MAX = 64;

  /** Topic aliases a connection may make. */
  private static final int ALIASES_MAX = 10;

  private static final long SECOND = 1_000_000_000L;

  private record Local(String filter, BiConsumer<String, byte[]> handler) {}

  /** What the hub knows of one connection. */
  static final class Peer {
    final Link link;
    @Nullable Session session;
    long keepAliveNanos;
    long heardNanos;

    /** Topics by the alias that this connection gave them. */
    final Map<Integer, String> aliases = new HashMap<>();

    Peer(Link link, long nowNanos) {
      this.link = link;
      this.heardNanos = nowNanos;
      this.keepAliveNanos = 10 * SECOND;
    }
  }

  private final Doorkeeper doorkeeper;
  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, Publication> retained = new LinkedHashMap<>();
  private final List<Local> locals = new ArrayList<>();
  private long named;

  Hub(Doorkeeper doorkeeper) {
    this.doorkeeper = doorkeeper;
  }

  /**
   * One packet from a client.
   *
   * @param first its first byte.
   * @return false if the connection is to be closed in order.
   * @throws Refusal if the connection is to be closed with a reason.
   */
  boolean packet(Peer peer, int first, Body body, long nowNanos) throws Refusal {
    peer.heardNanos = nowNanos;
    int type = first >>> 4;
    Session session = peer.session;
    if (session == null) {
      if (type != Packets.CONNECT) {
        throw new Refusal(Refusal.PROTOCOL_ERROR, "packet " + type + " before CONNECT");
      }
      return connect(peer, body, nowNanos);
    }
    int flags = first & 0x0F;
    boolean subscribing = type == Packets.SUBSCRIBE || type == Packets.UNSUBSCRIBE;
    if (type != Packets.PUBLISH && flags != (subscribing ? 2 : 0)) {
      throw new Refusal(Refusal.MALFORMED, "flags " + flags + " of packet " + type);
    }
    switch (type) {
      case Packets.PUBLISH -> published(peer, session, flags, body, nowNanos);
      case Packets.PUBACK -> session.taken(body.u16(), nowNanos);
      case Packets.SUBSCRIBE -> subscribe(peer, session, body, nowNanos);
      case Packets.UNSUBSCRIBE -> unsubscribe(peer, session, body);
      case Packets.PINGREQ -> peer.link.send(Packets.pingresp());
      case Packets.DISCONNECT -> {
        int code = body.isAtEnd() ? 0 : body.u8();
        if (!body.isAtEnd()) {
          session.expirySeconds =
              Properties.read(body).number(Properties.SESSION_EXPIRY, session.expirySeconds);
        }
        if (code != 0x04) {
          session.will = null;
        }
        return false;
      }
      default -> throw new Refusal(Refusal.PROTOCOL_ERROR, "packet " + type);
    }
    return true;
  }

  private boolean connect(Peer peer, Body body, long nowNanos) throws Refusal {
    if (!body.utf8().equals("MQTT") || body.u8() != 5) {
      peer.link.send(Packets.connackRefused(Refusal.UNSUPPORTED_VERSION));
      return false;
    }
    int flags = body.u8();
    int keepAlive = body.u16();
    Properties properties = Properties.read(body);
    String client = body.utf8();
    boolean hasWill = (flags & 0x04) != 0;
    int willQos = flags >>> 3 & 3;
    if ((flags & 1) != 0 || (!hasWill && (flags & 0x38) != 0)) {
      throw new Refusal(Refusal.MALFORMED, "connect flags " + flags);
    }
    Properties willProperties = hasWill ? Properties.read(body) : properties;
    String willTopic = hasWill ? body.utf8() : "";
    byte[] willPayload = hasWill ? body.binary() : new byte[0];
    String user = (flags & 0x80) != 0 ? body.utf8() : "";
    byte[] password = (flags & 0x40) != 0 ? body.binary() : new byte[0];
    int refusal = 0;
    if (!doorkeeper.admits(client, user, password)) {
      refusal = Refusal.BAD_CREDENTIALS;
    } else if (hasWill && willQos > 1) {
      refusal = Refusal.QOS_NOT_SUPPORTED;
    } else if (hasWill && !Topics.isName(willTopic)) {
      refusal = Refusal.TOPIC_INVALID;
    } else if (!sessions.containsKey(client) && sessions.size() >= SESSIONS_MAX) {
      refusal = Refusal.SERVER_BUSY;
    }
    if (refusal != 0) {
      peer.link.send(Packets.connackRefused(refusal));
      return false;
    }
    String assigned = client.isEmpty() ? "anonymous-" + ++named : "";
    String name = client.isEmpty() ? assigned : client;
    boolean clean = (flags & 2) != 0;
    Session old = takeOver(name, clean, nowNanos);
    Session session = old == null ? new Session(name) : old;
    sessions.put(name, session);
    session.expirySeconds = properties.number(Properties.SESSION_EXPIRY, 0);
    session.will =
        hasWill
            ? publication(willTopic, willPayload, willQos, (flags & 0x20) != 0, willProperties, 0)
            : null;
    session.willDelaySeconds = willProperties.number(Properties.WILL_DELAY, 0);
    peer.session = session;
    peer.keepAliveNanos = keepAlive * SECOND * 3 / 2;
    peer.link.send(
        Packets.connack(old != null, assigned, PACKET_BYTES_MAX, RECEIVE_MAX, ALIASES_MAX));
    int receiveMax = (int) properties.number(Properties.RECEIVE_MAXIMUM, 0xFFFF);
    long packetMax = properties.number(Properties.PACKET_MAXIMUM, Long.MAX_VALUE);
    int aliasesMax = (int) properties.number(Properties.ALIASES_MAXIMUM, 0);
    session.attach(peer.link, Math.max(1, receiveMax), packetMax, aliasesMax, nowNanos);
    return true;
  }

  /** Ends an older connection of the same name; returns the session to go on with, or null. */
  private @Nullable Session takeOver(String name, boolean clean, long nowNanos) {
    Session old = sessions.get(name);
    if (old == null) {
      return null;
    }
    Link before = old.link;
    if (before != null) {
      before.send(Packets.disconnect(Refusal.TAKEN_OVER));
      before.close();
      old.link = null;
    }
    if (clean || old.willDelaySeconds == 0) {
      sendWill(old, nowNanos);
    }
    if (clean) {
      sessions.remove(name);
      return null;
    }
    return old;
  }

  private static Publication publication(
      String topic, byte[] payload, int qos, boolean retain, Properties properties, long nowNanos) {
    long expires =
        properties.has(Properties.EXPIRY) && nowNanos != 0
            ? nowNanos + properties.number(Properties.EXPIRY, 0) * SECOND
            : Long.MAX_VALUE;
    return new Publication(topic, payload, qos, retain, properties.handedOn(), expires);
  }

  private void published(Peer peer, Session session, int flags, Body body, long nowNanos)
      throws Refusal {
    int qos = flags >>> 1 & 3;
    if (qos > 1) {
      throw new Refusal(Refusal.QOS_NOT_SUPPORTED, "QoS " + qos);
    }
    String topic = body.utf8();
    int id = qos == 1 ? body.u16() : 0;
    if (qos == 1 && id == 0) {
      throw new Refusal(Refusal.PROTOCOL_ERROR, "packet identifier 0");
    }
    Properties properties = Properties.read(body);
    if (properties.has(Properties.TOPIC_ALIAS)) {
      topic = aliased(peer, topic, properties.number(Properties.TOPIC_ALIAS, 0));
    }
    if (!Topics.isName(topic) || topic.startsWith("$")) {
      throw new Refusal(Refusal.TOPIC_INVALID, "topic '" + topic + "'");
    }
    publish(
        publication(topic, body.rest(), qos, (flags & 1) != 0, properties, nowNanos),
        session,
        nowNanos);
    if (qos == 1) {
      peer.link.send(Packets.puback(id, 0));
    }
  }

  /** A topic with an alias names it; an alias alone stands for its topic (MQTT 5, 3.3.2.3.4). */
  private static String aliased(Peer peer, String topic, long alias) throws Refusal {
    if (alias < 1 || alias > ALIASES_MAX) {
      throw new Refusal(Refusal.TOPIC_ALIAS_INVALID, "topic alias " + alias);
    }
    if (!topic.isEmpty()) {
      peer.aliases.put((int) alias, topic);
      return topic;
    }
    String known = peer.aliases.get((int) alias);
    if (known == null) {
      throw new Refusal(Refusal.PROTOCOL_ERROR, "topic alias " + alias + " stands for nothing");
    }
    return known;
  }

  /** Hands a message to all who subscribed; {@code from} is null for one of this process. */
  void publish(Publication message, @Nullable Session from, long nowNanos) {
    if (message.retain()) {
      if (message.payload().length == 0) {
        retained.remove(message.topic());
      } else if (retained.size() < RETAINED_MAX || retained.containsKey(message.topic())) {
        retained.put(message.topic(), message);
      }
    }
    for (Session session : List.copyOf(sessions.values())) {
      session.subscriptions.forEach(
          (filter, subscription) -> {
            if (!(subscription.noLocal() && session == from)
                && Topics.matches(filter, message.topic())) {
              session.deliver(message, subscription, false, nowNanos);
            }
          });
    }
    for (Local local : List.copyOf(locals)) {
      if (Topics.matches(local.filter(), message.topic())) {
        local.handler().accept(message.topic(), message.payload());
      }
    }
  }

  void subscribeLocally(String filter, BiConsumer<String, byte[]> handler) {
    locals.add(new Local(filter, handler));
    retained.forEach(
        (topic, message) -> {
          if (Topics.matches(filter, topic)) {
            handler.accept(topic, message.payload());
          }
        });
  }

  private void subscribe(Peer peer, Session session, Body body, long nowNanos) throws Refusal {
    int id = body.u16();
    int identifier = (int) Properties.read(body).number(Properties.SUBSCRIPTION, 0);
    List<Integer> codes = new ArrayList<>();
    List<Runnable> after = new ArrayList<>();
    while (!body.isAtEnd()) {
      String filter = body.utf8();
      int options = body.u8();
      boolean known = session.subscriptions.containsKey(filter);
      if ((options & 3) == 3 || (options & 0xC0) != 0) {
        throw new Refusal(Refusal.MALFORMED, "subscription options " + options);
      }
      if (filter.startsWith("$share/")) {
        codes.add(0x9E);
      } else if (!Topics.isFilter(filter)) {
        codes.add(0x8F);
      } else if (!known && session.subscriptions.size() >= Session.SUBSCRIPTIONS_MAX) {
        codes.add(Refusal.QUOTA_EXCEEDED);
      } else {
        int qos = Math.min(1, options & 3);
        Session.Subscription subscription =
            new Session.Subscription(qos, (options & 4) != 0, (options & 8) != 0, identifier);
        session.subscriptions.put(filter, subscription);
        codes.add(qos);
        int handling = options >>> 4 & 3;
        if (handling == 0 || handling == 1 && !known) {
          after.add(() -> sendRetained(session, filter, subscription, nowNanos));
        }
      }
    }
    int[] answer = codes.stream().mapToInt(Integer::intValue).toArray();
    peer.link.send(Packets.answers(0x90, id, answer));
    after.forEach(Runnable::run);
  }

  private void sendRetained(
      Session session, String filter, Session.Subscription subscription, long nowNanos) {
    for (Publication message : List.copyOf(retained.values())) {
      if (Topics.matches(filter, message.topic()) && message.expiresNanos() > nowNanos) {
        session.deliver(message, subscription, true, nowNanos);
      }
    }
  }

  private static void unsubscribe(Peer peer, Session session, Body body) throws Refusal {
    int id = body.u16();
    Properties.read(body);
    List<Integer> codes = new ArrayList<>();
    while (!body.isAtEnd()) {
      codes.add(session.subscriptions.remove(body.utf8()) == null ? 0x11 : 0);
    }
    int[] answer = codes.stream().mapToInt(Integer::intValue).toArray();
    peer.link.send(Packets.answers(0xB0, id, answer));
  }

  /** A connection is gone, for whatever reason. */
  void gone(Peer peer, long nowNanos) {
    Session session = peer.session;
    if (session == null || session.link != peer.link) {
      return;
    }
    session.link = null;
    session.endsNanos =
        session.expirySeconds == 0xFFFF_FFFFL
            ? Long.MAX_VALUE
            : nowNanos + session.expirySeconds * SECOND;
    long delay = Math.min(session.willDelaySeconds, session.expirySeconds);
    session.willNanos = nowNanos + delay * SECOND;
    tick(nowNanos);
  }

  /** Sends wills that are due and forgets sessions that are over. */
  void tick(long nowNanos) {
    for (Session session : List.copyOf(sessions.values())) {
      if (session.link == null && session.willNanos <= nowNanos) {
        sendWill(session, nowNanos);
      }
      if (session.link == null && session.endsNanos <= nowNanos) {
        sessions.remove(session.client);
      }
    }
  }

  private void sendWill(Session session, long nowNanos) {
    Publication will = session.will;
    session.will = null;
    session.willNanos = Long.MAX_VALUE;
    if (will != null) {
      publish(will, session, nowNanos);
    }
  }

  /** Forgets all but the subscribers in this process, as after {@code kill -9}. */
  void forget() {
    sessions.clear();
    retained.clear();
  }
}
