package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.model.Lane;
import io.verge.wire.Ack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The CoAP front of the receiver, asked by libcoap's client. */
class LibcoapTest {
  private static final Path CLIENT = Path.of("/usr/bin/coap-client-notls");

  @TempDir private Path folder;

  private byte[] ask(String... arguments) throws IOException, InterruptedException {
    Path answer = folder.resolve("answer");
    Files.deleteIfExists(answer);
    List<String> line = new ArrayList<>(List.of(CLIENT.toString(), "-B", "10", "-o"));
    line.add(answer.toString());
    line.addAll(List.of(arguments));
    Process client =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    try {
      assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      client.destroyForcibly();
    }
    assertThat(answer).as(Files.readString(folder.resolve("said"))).exists();
    return Files.readAllBytes(answer);
  }

  private byte[] post(String uri, byte[] message) throws IOException, InterruptedException {
    Path body = Files.write(folder.resolve("body"), message);
    return ask("-m", "post", "-f", body.toString(), uri);
  }

  @Test
  void libcoapFindsTheResourcesAndGetsAnAckForABatch() throws Exception {
    assumeTrue(Files.isExecutable(CLIENT), "no coap-client-notls here (libcoap3-bin)");
    try (Ledger ledger = Ledger.open(folder.resolve("ledger.db"), Ledger.Durability.NORMAL);
        CoapFront front =
            new CoapFront(
                CoapFrontSettings.plain(0), new Receiver(ledger, () -> 1_790_000_000_000L))) {
      String server = "coap://127.0.0.1:" + front.port();
      String own = server + "/verge/v1/" + Messages.GATEWAY;
      assertThat(post(own + "/hello", Messages.hello())).isNotEmpty();
      assertThat(new String(ask("-m", "get", server + "/.well-known/core"), "UTF-8"))
          .contains("</verge/v1/" + Messages.GATEWAY + "/batch>", "rt=\"verge.batch\"");
      Ack ack = Messages.ack(post(own + "/batch", Messages.batch(1, 1, 2, List.of())));
      assertThat(ack)
          .as("a batch dated by UTC is not told the time")
          .isEqualTo(new Ack(Messages.EPOCH, Lane.TELEMETRY, 0, 0, true));
    }
  }
}
