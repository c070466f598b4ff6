package io.verge.simulator.broker;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the broker remembers of one client identifier: subscriptions and messages not yet taken. */
final class Session {
  /** Messages that wait for a client that is away or slow; later ones are dropped. */
  static final int QUEUE_MAX = 1000;

  static final int SUBSCRIPTIONS_MAX = 100;

  /** Topic aliases made for a client, whatever it offers. */
  private static final int ALIASES_MAX = 16;

  record Subscription(int qos, boolean noLocal, boolean asPublished, int identifier) {}

  private record Waiting(Publication message, boolean retain, int subscription) {}

  final String client;
  final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private final Map<Integer, Waiting> underWay = new LinkedHashMap<>();
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  @Nullable Link link;
  long expirySeconds;
  long endsNanos = Long.MAX_VALUE;
  @Nullable Publication will;
  long willDelaySeconds;
  long willNanos = Long.MAX_VALUE;
  private int receiveMax;
  private long packetMax;
  private int aliasesMax;

  /** Of this connection, by topic. */
  private final Map<String, Integer> aliases = new HashMap<>();

  private int lastId;

  Session(String client) {
    this.client = client;
  }

  /** Takes over a new connection; what was under way is sent again. */
  void attach(
      Link newLink, int newReceiveMax, long newPacketMax, int newAliasesMax, long nowNanos) {
    link = newLink;
    aliasesMax = Math.min(ALIASES_MAX, newAliasesMax);
    aliases.clear();
    receiveMax = newReceiveMax;
    packetMax = newPacketMax;
    endsNanos = Long.MAX_VALUE;
    willNanos = Long.MAX_VALUE;
    underWay.forEach((id, waiting) -> send(waiting, id, true, nowNanos));
    pump(nowNanos);
  }

  void deliver(Publication message, Subscription subscription, boolean retained, long nowNanos) {
    boolean retain = retained || subscription.asPublished() && message.retain();
    Waiting waiting = new Waiting(message, retain, subscription.identifier());
    if (Math.min(message.qos(), subscription.qos()) == 0) {
      send(waiting, 0, false, nowNanos);
    } else if (queue.size() < QUEUE_MAX) {
      queue.add(waiting);
      pump(nowNanos);
    }
  }

  void taken(int id, long nowNanos) {
    underWay.remove(id);
    pump(nowNanos);
  }

  private void pump(long nowNanos) {
    while (link != null && underWay.size() < receiveMax && !queue.isEmpty()) {
      Waiting waiting = queue.remove();
      if (waiting.message().expiresNanos() > nowNanos) {
        do {
          lastId = lastId % 0xFFFF + 1;
        } while (underWay.containsKey(lastId));
        if (send(waiting, lastId, false, nowNanos)) {
          underWay.put(lastId, waiting);
        }
      }
    }
  }

  private boolean send(Waiting waiting, int id, boolean again, long nowNanos) {
    Publication message = waiting.message();
    Integer known = aliases.get(message.topic());
    int fresh = aliases.size() < aliasesMax ? aliases.size() + 1 : 0;
    byte[] packet =
        Packets.publish(
            message,
            id == 0 ? 0 : 1,
            waiting.retain(),
            again,
            id,
            message.secondsLeft(nowNanos),
            waiting.subscription(),
            new Packets.Name(known == null ? message.topic() : "", known == null ? fresh : known));
    if (link == null || packet.length > packetMax) {
      return false;
    }
    if (known == null && fresh > 0) {
      aliases.put(message.topic(), fresh);
    }
    link.send(packet);
    return true;
  }
}
