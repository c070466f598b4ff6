package io.verge.uplink.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real mosquitto; skipped with a message where there is none. */
class MqttProviderTest {
  private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
  private static final long PATIENCE_SECONDS = 20;

  @TempDir private Path folder = Path.of("unset");
  private @Nullable Process broker;

  @AfterEach
  void end() throws InterruptedException {
    if (broker != null) {
      broker.destroy();
      broker.waitFor();
    }
  }

  @Test
  void connectsPublishesAndHearsAcks() throws Exception {
    int port = start("listener %d 127.0.0.1\nallow_anonymous true\n");
    Heard heard = new Heard();
    try (UplinkTransport transport =
        new MqttProvider().create(settings("mqtt://127.0.0.1:" + port, null, null, null), WILL)) {
      transport.open(heard);
      heard.await("up");
      transport.send(UplinkTransport.Kind.BATCH, 7, new byte[] {1, 2, 3});
      heard.await("taken 7");
      MqttClient city = new MqttClient("tcp://127.0.0.1:" + port, "city", new MemoryPersistence());
      city.connect();
      city.publish("verge/v1/gw-7/ack", new MqttMessage(new byte[] {9}));
      heard.await("ack 1");
      city.publish("verge/v1/gw-7/command", new MqttMessage(new byte[] {9, 9}));
      heard.await("command 2");
      city.disconnect();
      city.close();
      assertThat(transport.byteCounts()[0]).isPositive();
      assertThat(transport.byteCounts()[1]).isPositive();
    }
  }

  @Test
  void aBrokerThatDiesIsToldOnce() throws Exception {
    int port = start("listener %d 127.0.0.1\nallow_anonymous true\n");
    Heard heard = new Heard();
    try (UplinkTransport transport =
        new MqttProvider().create(settings("mqtt://127.0.0.1:" + port, null, null, null), WILL)) {
      transport.open(heard);
      heard.await("up");
      java.util.Objects.requireNonNull(broker).destroyForcibly().waitFor();
      heard.await("down false");
    }
  }

  @Test
  void nobodyThereIsDownAndNotRefused() throws Exception {
    Heard heard = new Heard();
    try (UplinkTransport transport =
        new MqttProvider()
            .create(settings("mqtt://127.0.0.1:" + freePort(), null, null, null), WILL)) {
      transport.open(heard);
      heard.await("down false");
    }
  }

  @Test
  void tlsWithAClientCertificate() throws Exception {
    keys();
    int port = start(tls());
    Heard heard = new Heard();
    try (UplinkTransport transport =
        new MqttProvider()
            .create(
                settings(
                    "mqtts://localhost:" + port,
                    folder.resolve("ca.pem"),
                    folder.resolve("gw.pem"),
                    folder.resolve("gw.key")),
                WILL)) {
      transport.open(heard);
      heard.await("up");
      transport.send(UplinkTransport.Kind.STATE, 1, new byte[] {1});
      heard.await("taken 1");
    }
  }

  @Test
  void tlsWithoutTheCertificateOrWithAnotherAuthorityIsRefused() throws Exception {
    keys();
    int port = start(tls());
    Heard stranger = new Heard();
    try (UplinkTransport transport =
        new MqttProvider().create(settings("mqtts://localhost:" + port, null, null, null), WILL)) {
      transport.open(stranger);
      stranger.await("down true");
    }
  }

  private static final byte[] WILL = {0};

  private String tls() {
    return "listener %d 127.0.0.1\nallow_anonymous true\nrequire_certificate true\ncafile "
        + folder.resolve("ca.pem")
        + "\ncertfile "
        + folder.resolve("server.pem")
        + "\nkeyfile "
        + folder.resolve("server.key")
        + "\n";
  }

  private static UplinkSettings settings(
      String url, @Nullable Path ca, @Nullable Path certificate, @Nullable Path key) {
    return new UplinkSettings(
        "city",
        "gw-7",
        URI.create(url),
        ca,
        certificate,
        key,
        null,
        null,
        null,
        null,
        60_000,
        60_000,
        false);
  }

  private int start(String lines) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(MOSQUITTO), "no mosquitto here: apt-get install mosquitto");
    int port = freePort();
    Path config = folder.resolve("mosquitto.conf");
    String user = System.getProperty("user.name");
    Files.writeString(config, String.format(lines, port) + "user " + user + "\n");
    Process started =
        new ProcessBuilder(MOSQUITTO.toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("mosquitto.log").toFile())
            .start();
    broker = started;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (System.nanoTime() < deadline) {
      try (Socket probe = new Socket("127.0.0.1", port)) {
        return probe.getPort();
      } catch (IOException notYet) {
        if (started.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IOException(Files.readString(folder.resolve("mosquitto.log")), notYet);
        }
      }
    }
    throw new IOException("mosquitto does not listen");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void keys() throws IOException, InterruptedException {
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=test-ca -days 2");
    Files.writeString(folder.resolve("san"), "subjectAltName=DNS:localhost\n");
    for (String who : List.of("server", "gw")) {
      openssl(
          "req -newkey rsa:2048 -nodes -keyout "
              + who
              + ".key -out "
              + who
              + ".csr -subj /CN="
              + who);
      openssl(
          "x509 -req -in "
              + who
              + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out "
              + who
              + ".pem -extfile san");
    }
  }

  private void openssl(String arguments) throws IOException, InterruptedException {
    Path log = folder.resolve("openssl.log");
    Process openssl;
    try {
      openssl =
          new ProcessBuilder(("openssl " + arguments).split(" ", -1))
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException absent) {
      assumeTrue(
          Files.exists(Path.of("/usr/bin/openssl")), "no openssl here: apt-get install openssl");
      throw absent;
    }
    assertThat(openssl.waitFor()).as(Files.readString(log)).isZero();
  }

  /** What the connection told, as words. */
  private static final class Heard implements UplinkTransport.Listener {
    private final BlockingQueue<String> words = new ArrayBlockingQueue<>(100);

    void await(String expected) throws InterruptedException {
      assertThat(words.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(expected);
    }

    @Override
    public void up() {
      words.add("up");
    }

    @Override
    public void down(String why, boolean refused) {
      words.add("down " + refused);
    }

    @Override
    public void taken(long token) {
      words.add("taken " + token);
    }

    @Override
    public void failed(long token, String why) {
      words.add("failed " + token);
    }

    @Override
    public void ack(byte[] message) {
      words.add("ack " + message.length);
    }

    @Override
    public void command(byte[] message) {
      words.add("command " + message.length);
    }
  }
}
