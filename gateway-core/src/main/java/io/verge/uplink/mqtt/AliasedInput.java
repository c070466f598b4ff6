package io.verge.uplink.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts the topic back into messages that a broker names by an alias only (MQTT 5, 3.3.2.3.4). Paho
 * 1.2.5 looks for such an alias among the topics instead of the aliases, finds none, and hangs up.
 * Everything else passes as it comes; a read that times out may be repeated.
 */
final class AliasedInput extends InputStream {
  /** Offered to the broker: a gateway hears acks and commands. */
  static final int ALIASES_MAX = 2;

  private static final int PUBLISH = 3;
  private static final int TOPIC_ALIAS = 0x23;
  private static final int LENGTH_BYTES_MAX = 4;

  private final InputStream in;
  private final int packetMax;
  private final Map<Integer, byte[]> topics = new HashMap<>();

  /** A packet so far, or its header. */
  private byte[] held = new byte[64];

  private int heldCount;

  /** Of it, once its length is known; 0: not yet. */
  private int wanted;

  private byte[] ready = {};
  private int given;
  private long passing;

  /**
   * @param packetMax longer packets pass unread.
   */
  AliasedInput(InputStream in, int packetMax) {
    this.in = in;
    this.packetMax = packetMax;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (given == ready.length && passing == 0) {
      if (!takePacket()) {
        return -1;
      }
    }
    if (given < ready.length) {
      int count = Math.min(length, ready.length - given);
      System.arraycopy(ready, given, target, offset, count);
      given += count;
      return count;
    }
    int count = in.read(target, offset, (int) Math.min(length, passing));
    passing -= Math.max(0, count);
    return count;
  }

  /** Returns false at the end; what was begun before it is given first. */
  private boolean takePacket() throws IOException {
    while (wanted == 0) {
      int next = in.read();
      if (next < 0) {
        return give(Arrays.copyOf(held, heldCount));
      }
      held[heldCount++] = (byte) next;
      if (heldCount > 1 && (next < 0x80 || heldCount > LENGTH_BYTES_MAX)) {
        header();
        if (wanted == 0) {
          return true;
        }
      }
    }
    while (heldCount < wanted) {
      int count = in.read(held, heldCount, wanted - heldCount);
      if (count < 0) {
        return give(Arrays.copyOf(held, heldCount));
      }
      heldCount += count;
    }
    return give(whole(Arrays.copyOf(held, wanted)));
  }

  /** The length is known: a message is collected, anything else passes. */
  private void header() {
    long body = 0;
    for (int i = 1; i < heldCount; i++) {
      body |= (held[i] & 0x7FL) << 7 * (i - 1);
    }
    if ((held[0] & 0xFF) >> 4 != PUBLISH || body == 0 || heldCount + body > packetMax) {
      passing = body;
      give(Arrays.copyOf(held, heldCount));
      return;
    }
    wanted = (int) (heldCount + body);
    held = Arrays.copyOf(held, Math.max(held.length, wanted));
  }

  private boolean give(byte[] bytes) {
    ready = bytes;
    given = 0;
    heldCount = 0;
    wanted = 0;
    return bytes.length > 0;
  }

  private byte[] whole(byte[] packet) {
    int topicAt = 1;
    while (packet[topicAt++] < 0) {
      // The length's bytes but the last have their top bit set.
    }
    int topicLength = u16(packet, topicAt);
    int at = topicAt + 2 + topicLength + ((packet[0] & 6) == 0 ? 0 : 2);
    int alias = alias(packet, at);
    if (alias < 1 || alias > ALIASES_MAX) {
      return packet;
    }
    if (topicLength > 0) {
      topics.put(alias, Arrays.copyOfRange(packet, topicAt + 2, topicAt + 2 + topicLength));
      return packet;
    }
    byte[] topic = topics.get(alias);
    return topic == null ? packet : withTopic(packet, topicAt, topic);
  }

  private static byte[] withTopic(byte[] packet, int topicAt, byte[] topic) {
    int rest = packet.length - topicAt - 2;
    byte[] made = new byte[1 + LENGTH_BYTES_MAX + 2 + topic.length + rest];
    made[0] = packet[0];
    int at = 1;
    int length = 2 + topic.length + rest;
    do {
      made[at++] = (byte) (length & 0x7F | (length >= 0x80 ? 0x80 : 0));
      length >>= 7;
    } while (length > 0);
    made[at++] = (byte) (topic.length >> 8);
    made[at++] = (byte) topic.length;
    System.arraycopy(topic, 0, made, at, topic.length);
    System.arraycopy(packet, topicAt + 2, made, at + topic.length, rest);
    return Arrays.copyOf(made, at + topic.length + rest);
  }

  /** The alias among the properties that begin at {@code from}; 0: there is none. */
  private static int alias(byte[] packet, int from) {
    int length = 0;
    int at = from;
    for (int shift = 0; at < packet.length; shift += 7) {
      length |= (packet[at] & 0x7F) << shift;
      if (packet[at++] >= 0 || shift == 7 * (LENGTH_BYTES_MAX - 1)) {
        break;
      }
    }
    int end = (int) Math.min(packet.length, (long) at + length);
    while (at < end) {
      int id = packet[at++];
      if (id == TOPIC_ALIAS) {
        return u16(packet, at);
      }
      at += size(packet, id, at);
    }
    return 0;
  }

  /** Bytes of a property (MQTT 5, table 2-4); of one that no message has: all there are. */
  private static int size(byte[] packet, int id, int at) {
    return switch (id) {
      case 0x01 -> 1;
      case 0x02 -> 4;
      case 0x03, 0x08, 0x09 -> 2 + u16(packet, at);
      case 0x0B -> {
        int bytes = 1;
        while (at + bytes < packet.length && packet[at + bytes - 1] < 0) {
          bytes++;
        }
        yield bytes;
      }
      case 0x26 -> {
        int name = 2 + u16(packet, at);
        yield name + 2 + u16(packet, at + name);
      }
      default -> packet.length;
    };
  }

  private static int u16(byte[] packet, int at) {
    return at + 1 < packet.length ? (packet[at] & 0xFF) << 8 | packet[at + 1] & 0xFF : 0;
  }
}
