package io.verge.simulator.fleet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The packets a gateway of the fleet sends (MQTT 5, section 3). */
final class MqttPackets {
  static final int CONNACK = 2;
  static final int PUBLISH = 3;
  static final int PUBACK = 4;
  static final int SUBACK = 9;
  static final int PINGRESP = 13;
  static final int DISCONNECT = 14;

  private static final int SESSION_EXPIRY = 0x11;
  private static final int RECEIVE_MAXIMUM = 0x21;
  private static final int WILL_DELAY = 0x18;
  private static final int PACKET_MAXIMUM = 0x27;
  private static final int WILL_DELAY_SECONDS = 30;
  private static final int SESSION_SECONDS = 86_400;
  private static final int RECEIVE = 16;

  private MqttPackets() {}

  /** As the product's client connects: session kept a day, will retained and delayed. */
  static ByteBuffer connect(
      String client,
      int keepAliveSeconds,
      String willTopic,
      byte[] will,
      byte[] user,
      byte[] password) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    text(body, "MQTT");
    body.write(5);
    boolean hasUser = user.length > 0;
    body.write(0x04 | 0x08 | 0x20 | (hasUser ? 0xC0 : 0));
    u16(body, keepAliveSeconds);
    ByteArrayOutputStream properties = new ByteArrayOutputStream();
    properties.write(SESSION_EXPIRY);
    u32(properties, SESSION_SECONDS);
    properties.write(RECEIVE_MAXIMUM);
    u16(properties, RECEIVE);
    properties.write(PACKET_MAXIMUM);
    u32(properties, MqttLink.PACKET_MAX);
    counted(body, properties.toByteArray());
    text(body, client);
    ByteArrayOutputStream willProperties = new ByteArrayOutputStream();
    willProperties.write(WILL_DELAY);
    u32(willProperties, WILL_DELAY_SECONDS);
    counted(body, willProperties.toByteArray());
    text(body, willTopic);
    binary(body, will);
    if (hasUser) {
      binary(body, user);
      binary(body, password);
    }
    return packet(0x10, body);
  }

  static ByteBuffer subscribe(int id, String atMostOnce, String atLeastOnce) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    u16(body, id);
    body.write(0);
    text(body, atMostOnce);
    body.write(0);
    text(body, atLeastOnce);
    body.write(1);
    return packet(0x82, body);
  }

  /** QoS 1. */
  static ByteBuffer publish(String topic, int id, boolean retain, byte[] payload) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(payload.length + 64);
    text(body, topic);
    u16(body, id);
    body.write(0);
    body.writeBytes(payload);
    return packet(0x32 | (retain ? 1 : 0), body);
  }

  static ByteBuffer puback(int id) {
    return ByteBuffer.wrap(new byte[] {0x40, 2, (byte) (id >> 8), (byte) id});
  }

  static ByteBuffer ping() {
    return ByteBuffer.wrap(new byte[] {(byte) 0xC0, 0});
  }

  static ByteBuffer disconnect() {
    return ByteBuffer.wrap(new byte[] {(byte) 0xE0, 0});
  }

  private static ByteBuffer packet(int first, ByteArrayOutputStream body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.size() + 5);
    out.write(first);
    counted(out, body.toByteArray());
    return ByteBuffer.wrap(out.toByteArray());
  }

  private static void counted(ByteArrayOutputStream out, byte[] bytes) {
    int left = bytes.length;
    do {
      out.write(left % 128 | (left > 127 ? 128 : 0));
      left /= 128;
    } while (left > 0);
    out.writeBytes(bytes);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    binary(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void binary(ByteArrayOutputStream out, byte[] bytes) {
    u16(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void u16(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static void u32(ByteArrayOutputStream out, int value) {
    u16(out, value >>> 16);
    u16(out, value);
  }
}
