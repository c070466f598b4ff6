package io.verge.simulator.backend;

import java.net.URI;
import java.util.UUID;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link MqttFront} as a client of somebody else's broker; reconnects by itself. */
public final class MqttClientFront implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MqttClientFront.class);
  private static final long CONNECT_MS = 15_000;

  private final MqttAsyncClient client;
  private final MqttFront front;

  /**
   * Connects and subscribes.
   *
   * @param broker {@code mqtt://host:port}.
   * @throws MqttException if the broker can't be reached or refuses.
   */
  public MqttClientFront(URI broker, Receiver receiver) throws MqttException {
    int port = broker.getPort() < 0 ? 1883 : broker.getPort();
    client =
        new MqttAsyncClient(
            "tcp://" + broker.getHost() + ":" + port,
            "verge-backend-" + UUID.randomUUID(),
            new MemoryPersistence());
    front = new MqttFront(receiver.asBackEnd(), this::publish);
    client.setCallback(new Callback());
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(true);
    options.setConnectionTimeout((int) (CONNECT_MS / 1000));
    client.connect(options).waitForCompletion(CONNECT_MS);
  }

  public MqttFront front() {
    return front;
  }

  private void publish(String topic, byte[] payload, int qos) {
    try {
      client.publish(topic, payload, qos, false);
    } catch (MqttException e) {
      // A lost ack costs a resend, no data.
      LOG.warn("not sent to {}: {}", topic, e.getMessage());
    }
  }

  @Override
  public void close() throws MqttException {
    client.disconnectForcibly(0, 1000, true);
    client.close(true);
  }

  private final class Callback implements MqttCallback {
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      // What the broker kept may be the catalog of an epoch long gone.
      if (!message.isRetained()) {
        front.message(topic, message.getPayload());
      }
    }

    @Override
    public void connectComplete(boolean again, String uri) {
      try {
        for (String filter : MqttFront.FILTERS) {
          client.subscribe(filter, 1);
        }
      } catch (MqttException e) {
        LOG.error("cannot subscribe at {}: {}", uri, e.getMessage());
      }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      LOG.warn("broker lost: {}", response.getReasonString());
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      LOG.warn("broker: {}", exception.getMessage());
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      LOG.trace("delivered");
    }

    @Override
    public void authPacketArrived(int code, MqttProperties properties) {
      LOG.warn("broker asks for enhanced authentication, which is not spoken here");
    }
  }
}
