package io.verge.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.eclipse.paho.mqttv5.client.DisconnectedBufferOptions;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MqttDefaultFilePersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Paho's disconnected buffer with its file persistence: a file a message. It buffers only once a
 * connection was there and was lost.
 */
final class PahoPeer implements Peer {
  private static final byte[] CONNACK = {0x20, 3, 0, 0, 0};
  private static final int NOT_CONNECTED = 32104;
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final MqttAsyncClient client;
  private final long began = System.nanoTime();
  private boolean buffers;

  PahoPeer(String folder, int readings) throws MqttException, IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client =
          new MqttAsyncClient(
              "tcp://127.0.0.1:" + server.getLocalPort(),
              "gw1",
              new MqttDefaultFilePersistence(folder));
      DisconnectedBufferOptions buffer = new DisconnectedBufferOptions();
      buffer.setBufferEnabled(true);
      buffer.setPersistBuffer(true);
      buffer.setBufferSize(readings);
      client.setBufferOpts(buffer);
      MqttConnectionOptions options = new MqttConnectionOptions();
      options.setAutomaticReconnect(true);
      options.setCleanStart(false);
      var connecting = client.connect(options);
      try (Socket socket = server.accept()) {
        if (socket.getInputStream().read() < 0) {
          throw new IOException("Paho closed the connection");
        }
        socket.getOutputStream().write(CONNACK);
        connecting.waitForCompletion();
      }
    }
  }

  @Override
  public void put(Payload reading) throws MqttException {
    while (true) {
      try {
        client.publish(reading.topic(), reading.json(), 1, false);
        buffers = true;
        return;
      } catch (MqttException e) {
        boolean mayStillNotice = !buffers && System.nanoTime() - began < PATIENCE_NANOS;
        if (e.getReasonCode() != NOT_CONNECTED || !mayStillNotice) {
          throw e;
        }
      }
    }
  }

  @Override
  public void accepted() {}

  @Override
  public void close() throws MqttException {
    client.close(true);
  }
}
