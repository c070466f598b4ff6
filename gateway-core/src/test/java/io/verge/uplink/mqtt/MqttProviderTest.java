package io.verge.uplink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.time.SystemTicker;
import io.verge.uplink.Heard;
import io.verge.uplink.Relay;
import io.verge.uplink.TestKeys;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransport.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real mosquitto; skipped where there is none. */
class MqttProviderTest {
  private static final byte[] WILL = {0, 'o', 'f', 'f'};
  private static final String TOPICS = "verge/v1/gw-1/";

  @TempDir private Path folder;
  private final MqttProvider provider = new MqttProvider();
  private final Heard heard = new Heard();

  private static UplinkSettings settings(String uri) {
    return settings(uri, null, null, null, null, null, false);
  }

  private static UplinkSettings settings(
      String uri,
      @Nullable Path ca,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable String user,
      @Nullable Path password,
      boolean ackByBroker) {
    return new UplinkSettings(
        "city",
        "gw-1",
        URI.create(uri),
        ca,
        certificate,
        key,
        user,
        password,
        null,
        null,
        60_000,
        60_000,
        ackByBroker);
  }

  private UplinkTransport open(UplinkSettings settings) {
    UplinkTransport transport = provider.create(settings, WILL);
    transport.open(heard);
    return transport;
  }

  @Test
  void carriesEveryKindBothWays() throws Exception {
    byte[] large = new byte[60_000];
    new Random(1).nextBytes(large);
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true");
        TestBackEnd backEnd = new TestBackEnd(broker.port());
        Relay relay = new Relay(broker.port());
        UplinkTransport transport = open(settings("mqtt://127.0.0.1:" + relay.port()))) {
      heard.expect("up");
      transport.send(Kind.STATE, 1, new byte[] {1});
      transport.send(Kind.HELLO, 2, new byte[] {2});
      transport.send(Kind.CATALOG, 3, new byte[] {3});
      transport.send(Kind.BATCH, 4, large);
      for (long token = 1; token <= 4; token++) {
        assertThat(heard.expect("taken").token()).isEqualTo(token);
      }
      assertThat(backEnd.expect(TOPICS + "state").qos()).isEqualTo(1);
      assertThat(backEnd.expect(TOPICS + "hello").bytes()).containsExactly(2);
      backEnd.expect(TOPICS + "catalog");
      assertThat(backEnd.expect(TOPICS + "batch").bytes()).isEqualTo(large);

      backEnd.say(TOPICS + "ack", 0, new byte[] {5});
      assertThat(heard.expect("ack").message()).containsExactly(5);
      backEnd.say(TOPICS + "command", 1, new byte[] {6});
      assertThat(heard.expect("command").message()).containsExactly(6);

      transport.close();
      relay.awaitEnd();
      assertThat(transport.byteCounts()[0]).isEqualTo(relay.bytesUp()).isGreaterThan(60_000);
      assertThat(transport.byteCounts()[1]).isBetween(20L, relay.bytesDown());
    }
    assertThat(heard.isQuiet()).as("a close that was asked for tells nothing").isTrue();
  }

  @Test
  void aLightBatchIsNotConfirmedAndItsTopicIsToldOnce() throws Exception {
    byte[] small = new byte[100];
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true");
        TestBackEnd backEnd = new TestBackEnd(broker.port());
        UplinkTransport transport = open(settings("mqtt://127.0.0.1:" + broker.port()))) {
      heard.expect("up");
      long before = transport.byteCounts()[0];
      for (int i = 0; i < 3; i++) {
        transport.sendLightly(i, small);
        TestBackEnd.Message got = backEnd.expect(TOPICS + "batch");
        assertThat(got.qos()).isZero();
        assertThat(got.bytes()).isEqualTo(small);
      }
      transport.send(Kind.BATCH, 9, small);
      assertThat(heard.expect("taken").token()).as("of the first three nothing").isEqualTo(9);
      int topic = (TOPICS + "batch").length();
      assertThat(transport.byteCounts()[0] - before)
          .as("fixed header, lengths and alias; the topic once; a packet identifier")
          .isEqualTo(4 * (small.length + 8) + topic + 2);
    }
  }

  @Test
  void aCommandWaitsAtTheBrokerForAGatewayThatIsAway() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true");
        TestBackEnd backEnd = new TestBackEnd(broker.port())) {
      UplinkSettings settings = settings("mqtt://127.0.0.1:" + broker.port());
      try (UplinkTransport first = open(settings)) {
        heard.expect("up");
        first.send(Kind.STATE, 1, new byte[] {1});
        heard.expect("taken");
      }
      backEnd.expect(TOPICS + "state");
      backEnd.say(TOPICS + "command", 1, new byte[] {6});
      try (UplinkTransport second = open(settings)) {
        assertThat(heard.await("command").message()).containsExactly(6);
        assertThat(second.byteCounts()[1]).isPositive();
      }
    }
  }

  @Test
  void anotherCodecGoesToItsTopicAndNeedsNoOther() throws Exception {
    UplinkSettings plain = settings("mqtt://127.0.0.1:1");
    try (Mosquitto broker =
            Mosquitto.start(
                folder,
                "allow_anonymous true",
                "acl_file "
                    + Files.writeString(
                        folder.resolve("acl"), "topic write verge/senml\ntopic read verge/#\n"));
        TestBackEnd backEnd = new TestBackEnd(broker.port())) {
      UplinkSettings senml =
          new UplinkSettings(
                  "open",
                  plain.gateway(),
                  URI.create("mqtt://127.0.0.1:" + broker.port()),
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  60_000,
                  60_000,
                  true)
              .withCodec(
                  UplinkSettings.Codec.SENML_JSON, "verge/senml", UplinkSettings.Foreign.NONE);
      try (UplinkTransport transport = open(senml)) {
        heard.expect("up");
        transport.send(Kind.BATCH, 1, new byte[] {'[', ']'});
        assertThat(heard.expect("taken").token()).isEqualTo(1);
        assertThat(backEnd.expect("verge/senml").bytes()).containsExactly('[', ']');
      }
    }
  }

  @Test
  void stateAndCatalogAreRetained() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true");
        UplinkTransport transport = open(settings("mqtt://127.0.0.1:" + broker.port()))) {
      heard.expect("up");
      transport.send(Kind.CATALOG, 1, new byte[] {3});
      transport.send(Kind.STATE, 2, new byte[] {1});
      transport.send(Kind.BATCH, 3, new byte[] {4});
      heard.expect("taken");
      heard.expect("taken");
      heard.expect("taken");
      try (TestBackEnd late = new TestBackEnd(broker.port())) {
        assertThat(late.expect(TOPICS + "catalog").retained()).isTrue();
        assertThat(late.expect(TOPICS + "state").retained()).isTrue();
      }
    }
  }

  @Test
  void aCutConnectionIsToldOnceAndTheWillSpeaks() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true");
        TestBackEnd backEnd = new TestBackEnd(broker.port());
        Relay relay = new Relay(broker.port());
        UplinkTransport transport =
            new MqttConnection(
                settings("mqtt://127.0.0.1:" + relay.port()),
                WILL,
                relay.port(),
                0,
                new SystemTicker())) {
      transport.open(heard);
      heard.expect("up");
      relay.cut();
      assertThat(heard.expect("down").refused()).isFalse();
      assertThat(backEnd.expect(TOPICS + "state").bytes()).isEqualTo(WILL);
      transport.send(Kind.BATCH, 9, new byte[] {4});
      assertThat(heard.expect("failed").token()).isEqualTo(9);
      transport.close();
      transport.close();
      assertThat(heard.isQuiet()).isTrue();
    }
  }

  @Test
  void nobodyThereIsNotARefusal() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (UplinkTransport transport = open(settings("mqtt://127.0.0.1:" + port))) {
      assertThat(heard.expect("down").refused()).isFalse();
    }
  }

  private Path passwords() throws IOException, InterruptedException {
    Path file = folder.resolve("passwords");
    Process process =
        new ProcessBuilder("mosquitto_passwd", "-b", "-c", file.toString(), "gw-1", "secret")
            .start();
    assertThat(process.waitFor()).isZero();
    return file;
  }

  @Test
  void aWrongPasswordIsARefusal() throws Exception {
    try (Mosquitto broker =
        Mosquitto.start(folder, "allow_anonymous false", "password_file " + passwords())) {
      String uri = "mqtt://127.0.0.1:" + broker.port();
      Path wrong = Files.writeString(folder.resolve("wrong"), "guess\n");
      try (UplinkTransport transport =
          open(settings(uri, null, null, null, "gw-1", wrong, false))) {
        Heard.Call down = heard.expect("down");
        assertThat(down.refused()).as(down.why()).isTrue();
      }
      Path right = Files.writeString(folder.resolve("right"), "secret\n");
      try (UplinkTransport transport =
          open(settings(uri, null, null, null, "gw-1", right, false))) {
        heard.expect("up");
      }
      Path absent = folder.resolve("absent");
      try (UplinkTransport transport =
          open(settings(uri, null, null, null, "gw-1", absent, false))) {
        assertThat(heard.expect("down").why()).contains("absent");
      }
    }
  }

  /** The broker's PUBACK says no: nothing may be freed by it. */
  @Test
  void aBatchTheBrokerRefusesFails() throws Exception {
    Path acl =
        Files.writeString(
            folder.resolve("acl"),
            "topic read verge/#\ntopic write verge/v1/gw-1/hello\ntopic write other\n");
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true", "acl_file " + acl);
        UplinkTransport transport = open(settings("mqtt://127.0.0.1:" + broker.port()))) {
      heard.expect("up");
      transport.send(Kind.HELLO, 1, new byte[] {2});
      assertThat(heard.expect("taken").token()).isEqualTo(1);
      transport.send(Kind.BATCH, 2, new byte[] {4});
      Heard.Call failed = heard.expect("failed");
      assertThat(failed.token()).isEqualTo(2);
      assertThat(failed.why()).contains("135");
    }
  }

  @Test
  void whereTheBrokerAcksABatchNobodySubscribesToFails() throws Exception {
    try (Mosquitto broker = Mosquitto.start(folder, "allow_anonymous true");
        UplinkTransport transport =
            open(
                settings(
                    "mqtt://127.0.0.1:" + broker.port(), null, null, null, null, null, true))) {
      heard.expect("up");
      transport.send(Kind.BATCH, 1, new byte[] {4});
      assertThat(heard.expect("failed").why()).contains("nobody subscribes");
      try (TestBackEnd backEnd = new TestBackEnd(broker.port())) {
        transport.send(Kind.BATCH, 2, new byte[] {4});
        assertThat(heard.expect("taken").token()).isEqualTo(2);
        backEnd.expect(TOPICS + "batch");
      }
    }
  }

  private Mosquitto secure(TestKeys keys) throws IOException {
    return Mosquitto.start(
        folder,
        "allow_anonymous true",
        "cafile " + keys.pem("ca"),
        "certfile " + keys.pem("server"),
        "keyfile " + keys.key("server"),
        "require_certificate true");
  }

  @Test
  void tlsWithClientCertificateAndHostNameCheck() throws Exception {
    TestKeys keys = new TestKeys(folder);
    keys.signed("server", "localhost");
    keys.signed("gateway", "gw-1");
    keys.authority("stranger");
    Path ca = keys.pem("ca");
    Path certificate = keys.pem("gateway");
    Path key = keys.key("gateway");
    try (Mosquitto broker = secure(keys);
        Relay relay = new Relay(broker.port())) {
      String uri = "mqtts://localhost:" + relay.port();
      try (UplinkTransport transport =
          open(settings(uri, ca, certificate, key, null, null, false))) {
        heard.expect("up");
        transport.send(Kind.BATCH, 1, new byte[10_000]);
        heard.expect("taken");
        assertThat(transport.byteCounts()[0]).isBetween(10_000L, 20_000L);
        assertThat(transport.byteCounts()[0]).isEqualTo(relay.bytesUp());
      }
      refused(settings(uri, keys.pem("stranger"), certificate, key, null, null, false), "path");
      refused(
          settings("mqtts://127.0.0.1:" + relay.port(), ca, certificate, key, null, null, false),
          "127.0.0.1");
      try (UplinkTransport transport = open(settings(uri, ca, null, null, null, null, false))) {
        heard.expect("down");
      }
    }
  }

  private void refused(UplinkSettings settings, String why) throws InterruptedException {
    try (UplinkTransport transport = open(settings)) {
      Heard.Call down = heard.expect("down");
      assertThat(down.refused()).as(down.why()).isTrue();
      assertThat(down.why()).contains(why);
    }
  }
}
