package io.verge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.health.Counters;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import io.verge.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exporter on a real port, asked by a real client and by rude ones. */
@Timeout(60)
class MetricsServerTest {
  private final Ticker ticker = new SystemTicker();
  private final Counters counters = new Counters();
  private final AtomicInteger made = new AtomicInteger();
  private final List<Throwable> broken = new ArrayList<>();
  private final ThreadCrew crew = new ThreadCrew(ticker, (worker, why) -> broken.add(why));
  private MetricsServer server;
  private int port;

  MetricsServerTest() throws IOException {
    server =
        MetricsServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            () -> List.of("verge_ready " + made.incrementAndGet(), "# EOF"),
            ticker,
            counters);
  }

  @BeforeEach
  void start() throws IOException {
    port = server.port();
    crew.start(server);
  }

  @AfterEach
  void stop() {
    crew.stop(server);
    assertThat(broken).isEmpty();
  }

  private HttpResponse<String> ask(String path, String method) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** The whole answer to some bytes. */
  private String say(String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aCollectorGetsTheText() throws Exception {
    HttpResponse<String> answer = ask("/metrics", "GET");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .hasValue("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(answer.body()).isEqualTo("verge_ready 1\n# EOF\n");
    assertThat(ask("/metrics", "HEAD").body()).isEmpty();
  }

  @Test
  void anythingElseIsRefused() throws Exception {
    assertThat(ask("/", "GET").statusCode()).isEqualTo(404);
    HttpResponse<String> post = ask("/metrics", "POST");
    assertThat(post.statusCode()).isEqualTo(405);
    assertThat(post.headers().firstValue("allow")).hasValue("GET, HEAD");
    assertThat(say("\0\u00ff nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(say("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 421 ");
    assertThat(say("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(MetricsCaller.HEAD_MAX)))
        .startsWith("HTTP/1.1 431 ");
    assertThat(made).as("for none of these was a status made").hasValue(0);
  }

  @Test
  void aTextIsMadeOnceForManyWhoAsk() throws Exception {
    long before = System.nanoTime();
    int asked = 0;
    while (asked < 10) {
      assertThat(ask("/metrics", "GET").statusCode()).isEqualTo(200);
      asked++;
    }
    long seconds = (System.nanoTime() - before) / 1_000_000_000L;
    assertThat(made.longValue()).isBetween(1L, seconds + 2);
  }

  @Test
  void clientsThatSayNothingAreDroppedAndOthersServed() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try {
      for (int i = 0; i < MetricsServer.CLIENTS_MAX; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.getOutputStream().write("GET /met".getBytes(StandardCharsets.US_ASCII));
        silent.add(socket);
      }
      assertThat(ask("/metrics", "GET").statusCode()).isEqualTo(503);
      for (Socket socket : silent) {
        InputStream in = socket.getInputStream();
        assertThat(in.read()).as("hung up on").isEqualTo(-1);
      }
      assertThat(ask("/metrics", "GET").statusCode()).isEqualTo(200);
      assertThat(counters.get("metrics.slow_clients")).isEqualTo(MetricsServer.CLIENTS_MAX);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void anAddressThatOthersReachIsRefused() {
    for (String address : List.of("0.0.0.0", "192.0.2.7", "::")) {
      assertThatThrownBy(
              () ->
                  MetricsServer.open(
                      new InetSocketAddress(InetAddress.getByName(address), 0),
                      List::of,
                      ticker,
                      counters))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no loopback address");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    assertThatThrownBy(
            () ->
                MetricsServer.open(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                    List::of,
                    ticker,
                    counters))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(String.valueOf(port));
  }
}
