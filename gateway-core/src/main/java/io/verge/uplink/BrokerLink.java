package io.verge.uplink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a connection to a broker, for codecs that have their own topics. Threads and life
 * are those of {@link UplinkTransport}; what arrives is told by {@link
 * UplinkTransport.Listener#message}.
 */
public interface BrokerLink extends AutoCloseable {
  /** What the broker publishes when the connection is lost: QoS 1, not retained. */
  record Will(String topic, byte[] payload) {}

  /**
   * How to come in.
   *
   * @param client MQTT client identifier.
   * @param user null: the one of the settings.
   * @param password null: the one of the settings.
   * @param topics subscribed to with QoS 1 before the link is up.
   */
  record Login(
      String client,
      @Nullable String user,
      byte @Nullable [] password,
      @Nullable Will will,
      List<String> topics) {
    public Login {
      topics = List.copyOf(topics);
    }
  }

  /** Begins to connect; returns at once. */
  void open(UplinkTransport.Listener listener);

  /**
   * Begins to publish, not retained; returns at once.
   *
   * @param qos 0: taken when it was written to the socket; 1: when the broker has it.
   */
  void publish(String topic, int qos, long token, byte[] payload);

  /** Taken when the broker has handled everything that was published before. */
  void barrier(long token);

  /** Bytes at the socket since {@code open}: index 0 sent, 1 received. */
  long[] byteCounts();

  /** Idempotent; has the will published, if there is one. */
  @Override
  void close();
}
