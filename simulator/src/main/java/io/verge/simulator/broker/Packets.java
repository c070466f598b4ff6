package io.verge.simulator.broker;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The packets this broker sends (MQTT 5, section 3). */
final class Packets {
  static final int CONNECT = 1;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int SUBSCRIBE = 8;
  static final int UNSUBSCRIBE = 10;
  static final int PINGREQ = 12;
  static final int DISCONNECT = 14;

  /**
   * How a message names its topic.
   *
   * @param topic empty: the alias alone.
   * @param alias 0: none.
   */
  record Name(String topic, int alias) {}

  private Packets() {}

  static byte[] connack(
      boolean sessionPresent, String assignedId, int packetMax, int receiveMax, int aliasesMax) {
    ByteArrayOutputStream properties = new ByteArrayOutputStream();
    u8(properties, Properties.RECEIVE_MAXIMUM);
    u16(properties, receiveMax);
    u8(properties, Properties.ALIASES_MAXIMUM);
    u16(properties, aliasesMax);
    u8(properties, Properties.MAXIMUM_QOS);
    u8(properties, 1);
    u8(properties, Properties.PACKET_MAXIMUM);
    u16(properties, packetMax >>> 16);
    u16(properties, packetMax);
    u8(properties, Properties.NO_SHARED);
    u8(properties, 0);
    if (!assignedId.isEmpty()) {
      u8(properties, Properties.ASSIGNED_ID);
      utf8(properties, assignedId);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    u8(body, sessionPresent ? 1 : 0);
    u8(body, 0);
    properties(body, properties);
    return packet(0x20, body);
  }

  static byte[] connackRefused(int code) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    u8(body, 0);
    u8(body, code);
    u8(body, 0);
    return packet(0x20, body);
  }

  /**
   * @param id packet identifier, used for QoS 1.
   * @param expirySeconds remaining life, or negative for no limit.
   * @param subscription identifier of the subscription, or 0.
   */
  static byte[] publish(
      Publication message,
      int qos,
      boolean retain,
      boolean again,
      int id,
      long expirySeconds,
      int subscription,
      Name name) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(message.payload().length + 64);
    utf8(body, name.topic());
    if (qos > 0) {
      u16(body, id);
    }
    ByteArrayOutputStream properties = new ByteArrayOutputStream();
    if (expirySeconds >= 0) {
      u8(properties, Properties.EXPIRY);
      u16(properties, (int) (expirySeconds >>> 16));
      u16(properties, (int) expirySeconds);
    }
    if (subscription > 0) {
      u8(properties, Properties.SUBSCRIPTION);
      varint(properties, subscription);
    }
    if (name.alias() > 0) {
      u8(properties, Properties.TOPIC_ALIAS);
      u16(properties, name.alias());
    }
    properties.writeBytes(message.properties());
    properties(body, properties);
    body.writeBytes(message.payload());
    return packet(0x30 | (again ? 8 : 0) | qos << 1 | (retain ? 1 : 0), body);
  }

  static byte[] puback(int id, int code) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(4);
    u16(body, id);
    if (code != 0) {
      u8(body, code);
    }
    return packet(0x40, body);
  }

  /** SUBACK ({@code 0x90}) or UNSUBACK ({@code 0xB0}). */
  static byte[] answers(int type, int id, int[] codes) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(codes.length + 3);
    u16(body, id);
    u8(body, 0);
    for (int code : codes) {
      u8(body, code);
    }
    return packet(type, body);
  }

  static byte[] pingresp() {
    return new byte[] {(byte) 0xD0, 0};
  }

  static byte[] disconnect(int code) {
    return new byte[] {(byte) 0xE0, 2, (byte) code, 0};
  }

  private static byte[] packet(int first, ByteArrayOutputStream body) {
    ByteArrayOutputStream packet = new ByteArrayOutputStream(body.size() + 5);
    u8(packet, first);
    varint(packet, body.size());
    packet.writeBytes(body.toByteArray());
    return packet.toByteArray();
  }

  private static void properties(ByteArrayOutputStream out, ByteArrayOutputStream properties) {
    varint(out, properties.size());
    out.writeBytes(properties.toByteArray());
  }

  private static void u8(ByteArrayOutputStream out, int value) {
    out.write(value);
  }

  private static void u16(ByteArrayOutputStream out, int value) {
    out.write(value >>> 8);
    out.write(value);
  }

  private static void utf8(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    u16(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
