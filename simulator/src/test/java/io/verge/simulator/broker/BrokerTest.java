package io.verge.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.junit.jupiter.api.Test;

/** Held against Paho, which was written by others. */
class BrokerTest {
  private static final long WAIT_S = 20;

  /** Messages sent before their arrival is awaited; Paho refuses more than a broker's window. */
  private static final int UNDER_WAY = 10;

  /** A client whose messages and losses arrive in a queue. */
  private static final class Probe implements MqttCallback, AutoCloseable {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final MqttAsyncClient client;

    Probe(int port, String name) throws MqttException {
      client = new MqttAsyncClient("tcp://127.0.0.1:" + port, name, new MemoryPersistence());
      client.setCallback(this);
    }

    static MqttConnectionOptions options() {
      MqttConnectionOptions options = new MqttConnectionOptions();
      options.setAutomaticReconnect(false);
      options.setConnectionTimeout(10);
      return options;
    }

    Probe connect(MqttConnectionOptions options) throws MqttException {
      client.connect(options).waitForCompletion(WAIT_S * 1000);
      return this;
    }

    Probe subscribe(String filter) throws MqttException {
      client.subscribe(filter, 1).waitForCompletion(WAIT_S * 1000);
      return this;
    }

    /** Until Paho has counted it as arrived, which it does after a token's waiters are woken. */
    void publish(String topic, String text, int qos, boolean retain) throws Exception {
      CompletableFuture<Void> arrived = new CompletableFuture<>();
      MqttMessage message = new MqttMessage(text.getBytes(StandardCharsets.UTF_8));
      message.setQos(qos);
      message.setRetained(retain);
      client.publish(
          topic,
          message,
          null,
          new MqttActionListener() {
            @Override
            public void onSuccess(IMqttToken token) {
              arrived.complete(null);
            }

            @Override
            public void onFailure(IMqttToken token, Throwable why) {
              arrived.completeExceptionally(why);
            }
          });
      arrived.get(WAIT_S, TimeUnit.SECONDS);
    }

    String next() throws InterruptedException {
      return String.valueOf(heard.poll(WAIT_S, TimeUnit.SECONDS));
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      heard.add("disconnected");
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      String text = new String(message.getPayload(), StandardCharsets.UTF_8);
      heard.add(topic + "=" + text + (message.isRetained() ? " retained" : ""));
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      heard.add("error " + exception);
    }

    @Override
    public void deliveryComplete(IMqttToken token) {
      // Not of interest here.
    }

    @Override
    public void connectComplete(boolean reconnect, String uri) {
      // Not of interest here.
    }

    @Override
    public void authPacketArrived(int code, MqttProperties properties) {
      heard.add("auth");
    }

    @Override
    public void close() throws MqttException {
      if (client.isConnected()) {
        client.disconnect().waitForCompletion(WAIT_S * 1000);
      }
      client.close(true);
    }
  }

  private static Broker plain() throws Exception {
    return new Broker(BrokerSettings.plain(0)).start();
  }

  @Test
  void messagesGoBothWaysAndAreRetained() throws Exception {
    try (Broker broker = plain();
        Probe one = new Probe(broker.port(), "one").connect(Probe.options());
        Probe two = new Probe(broker.port(), "two").connect(Probe.options())) {
      one.subscribe("verge/v1/+/ack");
      two.publish("verge/v1/gw/ack", "a", 0, false);
      assertThat(one.next()).isEqualTo("verge/v1/gw/ack=a");
      two.publish("verge/v1/gw/catalog", "c", 1, true);
      one.subscribe("verge/v1/gw/#");
      assertThat(one.next()).isEqualTo("verge/v1/gw/catalog=c retained");
      BlockingQueue<String> inside = new LinkedBlockingQueue<>();
      broker.subscribe("verge/#", (topic, bytes) -> inside.add(topic + bytes.length));
      assertThat(inside.poll(WAIT_S, TimeUnit.SECONDS)).isEqualTo("verge/v1/gw/catalog1");
      broker.publish("verge/v1/gw/command", "go".getBytes(StandardCharsets.UTF_8), 1, false);
      assertThat(one.next()).isEqualTo("verge/v1/gw/command=go");
    }
  }

  @Test
  void aLongMessageArrivesWhole() throws Exception {
    try (Broker broker = plain();
        Probe one = new Probe(broker.port(), "one").connect(Probe.options()).subscribe("big")) {
      String text = "x".repeat(1 << 20);
      one.publish("big", text, 1, false);
      assertThat(one.next()).isEqualTo("big=" + text);
    }
  }

  @Test
  void aThousandMessagesOfQosOneAllArrive() throws Exception {
    try (Broker broker = plain();
        Probe one = new Probe(broker.port(), "one").connect(Probe.options()).subscribe("n");
        Probe two = new Probe(broker.port(), "two").connect(Probe.options())) {
      for (int from = 0; from < 1000; from += UNDER_WAY) {
        for (int i = from; i < from + UNDER_WAY; i++) {
          two.publish("n", "" + i, 1, false);
        }
        for (int i = from; i < from + UNDER_WAY; i++) {
          assertThat(one.next()).isEqualTo("n=" + i);
        }
      }
    }
  }

  @Test
  void wrongPasswordsAreRefused() throws Exception {
    BrokerSettings settings = new BrokerSettings("127.0.0.1", 0, Map.of("gw", "pw"), null, false);
    try (Broker broker = new Broker(settings).start();
        Probe wrong = new Probe(broker.port(), "one");
        Probe right = new Probe(broker.port(), "two")) {
      MqttConnectionOptions options = Probe.options();
      options.setUserName("gw");
      options.setPassword("no".getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> wrong.connect(options))
          .isInstanceOfSatisfying(
              MqttException.class, e -> assertThat(e.getReasonCode()).isEqualTo(0x86));
      options.setPassword("pw".getBytes(StandardCharsets.UTF_8));
      right.connect(options);
      assertThat(right.client.isConnected()).isTrue();
    }
  }

  @Test
  void aSessionThatOutlivesItsConnectionGetsWhatItMissed() throws Exception {
    MqttConnectionOptions lasting = Probe.options();
    lasting.setCleanStart(false);
    lasting.setSessionExpiryInterval(3600L);
    try (Broker broker = plain()) {
      try (Probe one = new Probe(broker.port(), "gw").connect(lasting)) {
        one.subscribe("c");
      }
      try (Probe two = new Probe(broker.port(), "two").connect(Probe.options())) {
        two.publish("c", "missed", 1, false);
      }
      try (Probe one = new Probe(broker.port(), "gw").connect(lasting)) {
        assertThat(one.next()).isEqualTo("c=missed");
      }
      try (Probe clean = new Probe(broker.port(), "gw").connect(Probe.options());
          Probe two = new Probe(broker.port(), "two").connect(Probe.options())) {
        two.publish("c", "not for a clean start", 1, false);
        clean.subscribe("d");
        two.publish("d", "end", 1, false);
        assertThat(clean.next()).isEqualTo("d=end");
      }
    }
  }

  @Test
  void theWillOfALostClientIsPublished() throws Exception {
    try (Broker broker = plain();
        Probe watcher = new Probe(broker.port(), "w").connect(Probe.options()).subscribe("state")) {
      try (Probe orderly = new Probe(broker.port(), "orderly")) {
        orderly.connect(will("orderly"));
      }
      try (Probe lost = new Probe(broker.port(), "lost")) {
        lost.connect(will("lost"));
        lost.client.disconnectForcibly(0, 0, false);
        assertThat(watcher.next()).isEqualTo("state=lost");
      }
    }
  }

  private static MqttConnectionOptions will(String text) {
    MqttConnectionOptions options = Probe.options();
    MqttMessage message = new MqttMessage(text.getBytes(StandardCharsets.UTF_8));
    message.setQos(1);
    options.setWill("state", message);
    return options;
  }

  @Test
  void droppingAllLosesConnectionsAndTakesNewOnes() throws Exception {
    try (Broker broker = plain();
        Probe one = new Probe(broker.port(), "one").connect(Probe.options())) {
      one.publish("kept", "x", 1, true);
      broker.dropAll();
      assertThat(one.next()).isEqualTo("disconnected");
      try (Probe again = new Probe(broker.port(), "one").connect(Probe.options())) {
        again.subscribe("kept");
        again.publish("kept", "y", 1, false);
        assertThat(again.next()).isEqualTo("kept=y");
      }
    }
  }

  @Test
  void hostileBytesEndOnlyTheirOwnConnection() throws Exception {
    long seed = 20261124;
    Random random = new Random(seed);
    byte[] connect = {0x10, 0x0F, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, 2, 'h', 'i'};
    try (Broker broker = plain();
        Probe one = new Probe(broker.port(), "one").connect(Probe.options()).subscribe("n")) {
      for (int i = 0; i < 300; i++) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (random.nextBoolean()) {
          bytes.writeBytes(connect);
        }
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        bytes.writeBytes(noise);
        try (Socket socket = new Socket("127.0.0.1", broker.port())) {
          socket.getOutputStream().write(bytes.toByteArray());
        }
      }
      one.publish("n", "alive", 1, false);
      assertThat(one.next()).as("seed %d", seed).isEqualTo("n=alive");
    }
  }

  @Test
  void anOversizedPacketIsRefusedBeforeItIsRead() throws Exception {
    try (Broker broker = plain();
        Socket socket = new Socket("127.0.0.1", broker.port())) {
      socket.setSoTimeout(20_000);
      socket
          .getOutputStream()
          .write(new byte[] {0x10, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x7F});
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void filtersMatchAsTheStandardSays() {
    // MQTT 5, sections 4.7.1.2 and 4.7.1.3.
    assertThat(Topics.matches("sport/tennis/player1/#", "sport/tennis/player1")).isTrue();
    assertThat(Topics.matches("sport/tennis/player1/#", "sport/tennis/player1/score/w")).isTrue();
    assertThat(Topics.matches("sport/+", "sport")).isFalse();
    assertThat(Topics.matches("sport/+", "sport/")).isTrue();
    assertThat(Topics.matches("+/+", "/finance")).isTrue();
    assertThat(Topics.matches("+", "/finance")).isFalse();
    assertThat(Topics.matches("#", "$SYS/x")).isFalse();
    assertThat(Topics.isFilter("sport/tennis#")).isFalse();
    assertThat(Topics.isFilter("sport/#/ranking")).isFalse();
    assertThat(Topics.isFilter("sport+")).isFalse();
  }
}
