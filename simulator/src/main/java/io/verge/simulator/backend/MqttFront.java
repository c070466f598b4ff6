package io.verge.simulator.backend;

import io.verge.model.Command;
import io.verge.simulator.broker.Broker;
import io.verge.wire.CommandCodec;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiver on MQTT topics {@code verge/v1/GATEWAY/…}: batch, hello and catalog in; ack and
 * command out. A message is answered after its commit; one that could not be committed is not
 * answered, so that the gateway sends it again.
 */
public final class MqttFront {
  private static final Logger LOG = LoggerFactory.getLogger(MqttFront.class);
  static final String PREFIX = "verge/v1/";
  static final List<String> FILTERS =
      List.of(PREFIX + "+/catalog", PREFIX + "+/hello", PREFIX + "+/batch");

  /** How a message leaves. */
  interface Out {
    void publish(String topic, byte[] payload, int qos);
  }

  private final BackEnd backEnd;
  private final Out out;
  private final AtomicLong failures = new AtomicLong();

  MqttFront(BackEnd backEnd, Out out) {
    this.backEnd = backEnd;
    this.out = out;
  }

  /** The front inside an embedded broker; receives on the broker's thread. */
  public static MqttFront on(Broker broker, Receiver receiver) {
    return on(broker, receiver.asBackEnd());
  }

  /** The same for any back end. */
  public static MqttFront on(Broker broker, BackEnd backEnd) {
    MqttFront front =
        new MqttFront(backEnd, (topic, payload, qos) -> broker.publish(topic, payload, qos, false));
    FILTERS.forEach(filter -> broker.subscribe(filter, front::message));
    return front;
  }

  /** Messages that could not be committed. */
  public long failures() {
    return failures.get();
  }

  /** Sends a command, QoS 1. */
  public void command(String gateway, Command command) {
    out.publish(PREFIX + gateway + "/command", CommandCodec.encode(command), 1);
  }

  void message(String topic, byte[] payload) {
    String[] levels = topic.split("/", -1);
    if (levels.length != 4) {
      return;
    }
    String gateway = levels[2];
    String ack = PREFIX + gateway + "/ack";
    try {
      switch (levels[3]) {
        case "batch" ->
            backEnd.batch(gateway, payload).forEach(bytes -> out.publish(ack, bytes, 0));
        case "hello" ->
            backEnd.hello(gateway, payload).forEach(bytes -> out.publish(ack, bytes, 0));
        case "catalog" -> backEnd.catalog(gateway, payload);
        default -> LOG.debug("nothing to do for {}", topic);
      }
    } catch (LedgerException e) {
      if (failures.incrementAndGet() == 1) {
        LOG.error("{} not committed, later failures are only counted: {}", topic, e.getMessage());
      }
    }
  }
}
