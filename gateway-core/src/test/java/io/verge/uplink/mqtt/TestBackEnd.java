package io.verge.uplink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.uplink.Heard;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** The other side of the broker: hears everything under {@code verge/}. */
final class TestBackEnd implements AutoCloseable, MqttCallback {
  record Message(String topic, byte[] bytes, int qos, boolean retained) {}

  private static final long PATIENCE_MS = Heard.PATIENCE_SECONDS * 1000L;

  private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
  private final MqttAsyncClient client;

  TestBackEnd(int port) throws MqttException {
    client = new MqttAsyncClient("tcp://127.0.0.1:" + port, "back-end", new MemoryPersistence());
    client.setCallback(this);
    client.connect().waitForCompletion(PATIENCE_MS);
    client.subscribe("verge/#", 1).waitForCompletion(PATIENCE_MS);
  }

  void say(String topic, int qos, byte[] bytes) throws MqttException {
    client.publish(topic, bytes, qos, false).waitForCompletion(PATIENCE_MS);
  }

  Message expect(String topic) throws InterruptedException {
    Message next = messages.poll(Heard.PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(next).as("nothing came on " + topic).isNotNull();
    assertThat(next.topic()).isEqualTo(topic);
    return next;
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    messages.add(new Message(topic, message.getPayload(), message.getQos(), message.isRetained()));
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {}

  @Override
  public void mqttErrorOccurred(MqttException exception) {}

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String server) {}

  @Override
  public void authPacketArrived(int reason, MqttProperties properties) {}

  @Override
  public void close() throws MqttException {
    if (client.isConnected()) {
      client.disconnect().waitForCompletion(PATIENCE_MS);
    }
    client.close(true);
  }
}
