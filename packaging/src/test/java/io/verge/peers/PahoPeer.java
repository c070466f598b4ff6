package io.verge.peers;

import org.eclipse.paho.mqttv5.client.DisconnectedBufferOptions;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MqttDefaultFilePersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** Paho's disconnected buffer with its file persistence: a file a message. */
final class PahoPeer implements Peer {
  private final MqttAsyncClient client;

  PahoPeer(String folder, int readings) throws MqttException {
    client =
        new MqttAsyncClient("tcp://127.0.0.1:1", "gw1", new MqttDefaultFilePersistence(folder));
    DisconnectedBufferOptions options = new DisconnectedBufferOptions();
    options.setBufferEnabled(true);
    options.setPersistBuffer(true);
    options.setBufferSize(readings);
    client.setBufferOpts(options);
  }

  @Override
  public void put(Payload reading) throws MqttException {
    client.publish(reading.topic(), reading.json(), 1, false);
  }

  @Override
  public void accepted() {}

  @Override
  public void close() throws MqttException {
    client.close();
  }
}
