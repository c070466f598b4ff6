package io.verge.simulator.broker;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * The properties of a packet (MQTT 5, section 2.2.2). Numbers by identifier; what a PUBLISH hands
 * on to subscribers is kept as bytes. Properties this broker does not use are checked and skipped.
 */
final class Properties {
  static final int EXPIRY = 0x02;
  static final int SUBSCRIPTION = 0x0B;
  static final int SESSION_EXPIRY = 0x11;
  static final int ASSIGNED_ID = 0x12;
  static final int SERVER_KEEP_ALIVE = 0x13;
  static final int WILL_DELAY = 0x18;
  static final int RECEIVE_MAXIMUM = 0x21;
  static final int ALIASES_MAXIMUM = 0x22;
  static final int TOPIC_ALIAS = 0x23;
  static final int MAXIMUM_QOS = 0x24;
  static final int PACKET_MAXIMUM = 0x27;
  static final int NO_SHARED = 0x2A;

  private static final int USER_PROPERTY = 0x26;

  private final Map<Integer, Long> numbers = new HashMap<>();
  private final ByteArrayOutputStream handedOn = new ByteArrayOutputStream();

  static Properties read(Body packet) throws Refusal {
    Properties properties = new Properties();
    Body in = packet.part(packet.varint());
    while (!in.isAtEnd()) {
      int start = in.offset();
      int id = in.varint();
      switch (id) {
        case 0x01, 0x17, 0x19, MAXIMUM_QOS, 0x25, 0x28, 0x29, NO_SHARED ->
            properties.put(id, in.u8());
        case SERVER_KEEP_ALIVE, RECEIVE_MAXIMUM, ALIASES_MAXIMUM, TOPIC_ALIAS ->
            properties.put(id, in.u16());
        case EXPIRY, SESSION_EXPIRY, WILL_DELAY, PACKET_MAXIMUM -> properties.put(id, in.u32());
        case SUBSCRIPTION -> properties.put(id, in.varint());
        case 0x03, 0x08, ASSIGNED_ID, 0x15, 0x1A, 0x1C, 0x1F -> in.utf8();
        case 0x09, 0x16 -> in.binary();
        case USER_PROPERTY -> {
          in.utf8();
          in.utf8();
        }
        default -> throw new Refusal(Refusal.MALFORMED, "property " + id);
      }
      switch (id) {
        // Payload format, content type, response topic, correlation data, user property.
        case 0x01, 0x03, 0x08, 0x09, USER_PROPERTY ->
            properties.handedOn.writeBytes(in.slice(start, in.offset()));
        default -> {
          // Meant for this broker alone.
        }
      }
    }
    return properties;
  }

  private void put(int id, long value) throws Refusal {
    if (numbers.put(id, value) != null) {
      throw new Refusal(Refusal.PROTOCOL_ERROR, "property " + id + " twice");
    }
  }

  boolean has(int id) {
    return numbers.containsKey(id);
  }

  long number(int id, long otherwise) {
    return numbers.getOrDefault(id, otherwise);
  }

  byte[] handedOn() {
    return handedOn.toByteArray();
  }
}
