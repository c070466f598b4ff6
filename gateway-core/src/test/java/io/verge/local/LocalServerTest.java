package io.verge.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.verge.health.Counters;
import io.verge.time.Ticker;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server over a real socket, stepped by hand: one thread, no waiting. */
class LocalServerTest {
  private static final String STATUS = "{\"v\":1,\"id\":7,\"do\":\"status\",\"args\":{}}\n";

  @TempDir Path directory;

  private final FakeDesk desk = new FakeDesk();
  private final Counters counters = new Counters();
  private final List<SocketChannel> clients = new ArrayList<>();
  private final Ticker ticker =
      new Ticker() {
        @Override
        public long nanos() {
          return now;
        }

        @Override
        public void sleepUntil(long deadlineNanos) {
          now = deadlineNanos;
        }
      };
  private long now = 1_000_000_000L;
  private Path path = Path.of("");
  private LocalServer server;

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("run/verge.sock");
    server = bind();
  }

  @AfterEach
  void close() throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
    server.close();
  }

  private LocalServer bind() throws IOException {
    LocalServer.Settings settings = new LocalServer.Settings(path, "verge", false);
    return LocalServer.open(settings, desk, ticker, counters);
  }

  private SocketChannel connect() throws IOException {
    SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
    client.connect(UnixDomainSocketAddress.of(path));
    client.configureBlocking(false);
    clients.add(client);
    return client;
  }

  private void write(SocketChannel client, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    for (int i = 0; bytes.hasRemaining(); i++) {
      assertThat(i).as("steps for one message").isLessThan(10_000);
      client.write(bytes);
      server.step(now);
    }
    for (int i = 0; i < 8; i++) {
      server.step(now);
    }
  }

  /** What the client has got after enough steps; {@code <end>} when the server closed. */
  private String read(SocketChannel client) throws IOException {
    StringBuilder all = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    for (int idle = 0; idle < 20; idle++) {
      server.step(now);
      int count = client.read(buffer.clear());
      if (count < 0) {
        return all + "<end>";
      }
      if (count > 0) {
        all.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        idle = 0;
      }
    }
    return all.toString();
  }

  private String ask(String line) throws IOException {
    SocketChannel client = connect();
    write(client, line);
    String answer = read(client);
    client.close();
    server.step(now);
    return answer;
  }

  @Test
  void answersInOneLineWithTheRequestsId() throws IOException {
    assertThat(ask(STATUS))
        .startsWith("{\"v\":1,\"id\":7,\"ok\":{\"gateway\":\"gw-0042\"")
        .endsWith("}\n")
        .contains("\"since\":null");
  }

  @Test
  void endOfASystemsUpdateIsHandedOnOnceItMakesSense() throws IOException {
    String news =
        "{\"v\":1,\"id\":4,\"do\":\"system-updated\",\"args\":"
            + "{\"version\":\"0.2.0\",\"outcome\":\"%s\",\"why\":\"%s\"}}\n";
    assertThat(ask(news.formatted("rolled-back", "bus lamps is not up"))).contains("\"ok\"");
    assertThat(ask(news.formatted("taken", ""))).contains("bad-request");
    assertThat(ask(news.formatted("confirmed", "x".repeat(501)))).contains("bad-request");
    assertThat(desk.asked).containsExactly("system 0.2.0 rolled-back bus lamps is not up");
  }

  @Test
  void listsAreStreams() throws IOException {
    String answer =
        ask("{\"v\":1,\"id\":3,\"do\":\"points\",\"args\":{\"pattern\":\"*/power\"}}\n");
    assertThat(answer.lines().toList())
        .hasSize(3)
        .allMatch(line -> line.startsWith("{\"v\":1,\"id\":3,"))
        .last()
        .isEqualTo("{\"v\":1,\"id\":3,\"end\":true}");
    assertThat(ask("{\"v\":1,\"do\":\"points\",\"args\":{\"pattern\":\"x\"}}\n"))
        .contains("\"code\":\"not-found\"");
  }

  @Test
  void aLineMayComeInPiecesAndTwoAtOnce() throws IOException {
    SocketChannel client = connect();
    String two = STATUS + STATUS.replace(":7,", ":8,");
    for (int i = 0; i < two.length(); i++) {
      write(client, two.substring(i, i + 1));
    }
    assertThat(read(client).lines().toList())
        .hasSize(2)
        .element(1)
        .asString()
        .startsWith("{\"v\":1,\"id\":8,\"ok\"");
    write(client, two + two.substring(0, 9));
    assertThat(read(client).lines().toList()).hasSize(2);
  }

  @Test
  void saysWhatIsWrongWithARequest() throws IOException {
    String[][] cases = {
      {"hello", "bad-request"},
      {"", "bad-request"},
      {"[1]", "bad-request"},
      {"{} {}", "bad-request"},
      {"{'v':1}", "bad-request"},
      {"[".repeat(60_000), "bad-request"},
      {"{\"v\":1,\"id\":\"x\",\"do\":\"status\"}", "bad-request"},
      {"{\"v\":1,\"id\":1e99999999,\"do\":\"status\"}", "bad-request"},
      {"{\"v\":1,\"id\":-1,\"do\":\"status\"}", "bad-request"},
      {"{\"v\":1,\"id\":1}", "bad-request"},
      {"{\"v\":1,\"id\":1,\"do\":\"status\",\"args\":[]}", "bad-request"},
      {"{\"id\":1,\"do\":\"status\"}", "unknown-version"},
      {"{\"v\":2,\"id\":1,\"do\":\"status\"}", "unknown-version"},
      {"{\"v\":1,\"id\":1,\"do\":\"explode\"}", "unknown-do"},
      {"{\"v\":1,\"id\":1,\"do\":\"read\"}", "bad-request"},
      {"{\"v\":1,\"id\":1,\"do\":\"read\",\"args\":{\"target\":\"a/b/c\"}}", "bad-request"},
      {
        "{\"v\":1,\"id\":1,\"do\":\"lamp\",\"args\":{\"target\":\"a\",\"level\":101}}",
        "bad-request"
      },
      {"{\"v\":1,\"id\":1,\"do\":\"lamp\",\"args\":{\"target\":\"a\"}}", "bad-request"},
      {"{\"v\":1,\"id\":1,\"do\":\"events\",\"args\":{\"follow\":1}}", "bad-request"}
    };
    SocketChannel client = connect();
    for (String[] wrong : cases) {
      write(client, wrong[0] + "\n");
      assertThat(read(client)).as(wrong[0]).contains("\"code\":\"" + wrong[1] + "\"");
    }
    write(client, STATUS);
    assertThat(read(client)).as("still served").contains("gw-0042");
    assertThat(counters.get("local.bad_requests")).isEqualTo(cases.length);
    assertThat(desk.asked).isEmpty();
  }

  @Test
  void refusesALineThatIsTooLongAndCloses() throws IOException {
    SocketChannel client = connect();
    write(client, "x".repeat(Protocol.REQUEST_MAX + 1));
    assertThat(read(client)).contains("\"code\":\"too-long\"").endsWith("<end>");
    assertThat(ask(STATUS)).contains("gw-0042");
  }

  @Test
  void survivesRandomBytes() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[random.nextInt(3000)];
      random.nextBytes(noise);
      SocketChannel client = connect();
      client.write(ByteBuffer.wrap(noise));
      server.step(now);
      client.close();
      server.step(now);
    }
    server.step(now);
    assertThat(ask(STATUS)).as("seed %d", seed).contains("gw-0042");
  }

  @Test
  void refusesTheSeventeenthClient() throws IOException {
    for (int i = 0; i < LocalServer.CLIENTS_MAX; i++) {
      connect();
      server.step(now);
    }
    SocketChannel last = connect();
    assertThat(read(last)).contains("\"code\":\"busy\"").endsWith("<end>");
    clients.get(0).close();
    server.step(now);
    assertThat(ask(STATUS)).contains("gw-0042");
    assertThat(counters.get("local.refused_clients")).isEqualTo(1);
  }

  @Test
  void whoOnlyHoldsAPlaceLosesItWhenAllAreTaken() throws IOException {
    SocketChannel watching = connect();
    write(watching, "{\"v\":1,\"id\":1,\"do\":\"watch\"}\n");
    read(watching);
    for (int i = 1; i < LocalServer.CLIENTS_MAX; i++) {
      write(connect(), "{\"v\":1,\"id\":");
      server.step(now);
    }
    assertThat(read(connect())).contains("\"code\":\"busy\"").endsWith("<end>");
    now += LocalServer.IDLE_WHEN_FULL_NANOS;
    assertThat(ask(STATUS)).contains("gw-0042");
    assertThat(read(clients.get(1))).as("the one that came first").isEqualTo("<end>");
    desk.tell(ItemView.of(FakeDesk.sample("lamp-17", "41.5")));
    assertThat(read(watching)).contains("\"asset\":\"lamp-17\"");
  }

  @Test
  void closesAnIdleClientButNotAWatchingOne() throws IOException {
    SocketChannel idle = connect();
    SocketChannel watching = connect();
    write(watching, "{\"v\":1,\"id\":1,\"do\":\"watch\"}\n");
    read(watching);
    now += LocalServer.IDLE_NANOS;
    assertThat(read(idle)).isEqualTo("<end>");
    assertThat(read(watching)).isEmpty();
    desk.tell(ItemView.of(FakeDesk.sample("lamp-17", "41.5")));
    assertThat(read(watching)).contains("\"asset\":\"lamp-17\"");
    assertThat(counters.get("local.idle_clients")).isEqualTo(1);
  }

  @Test
  void dropsAWatcherThatDoesNotRead() throws IOException {
    SocketChannel slow = connect();
    write(slow, "{\"v\":1,\"id\":1,\"do\":\"watch\"}\n");
    for (int i = 0; i < 100_000 && counters.get("local.slow_clients") == 0; i++) {
      desk.tell(ItemView.of(FakeDesk.sample("lamp-17", "41.5")));
      if (i % 500 == 0) {
        server.step(now);
      }
    }
    assertThat(counters.get("local.slow_clients")).isEqualTo(1);
    assertThat(desk.watchers).isEmpty();
    assertThat(ask(STATUS)).contains("gw-0042");
  }

  @Test
  void dropsAClientThatTakesNoAnswers() throws IOException {
    SocketChannel slow = connect();
    ByteBuffer flood = ByteBuffer.wrap(STATUS.repeat(5000).getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 5000; i++) {
      slow.write(flood);
      server.step(now);
    }
    now += LocalServer.STUCK_NANOS;
    server.step(now);
    assertThat(counters.get("local.slow_clients")).isEqualTo(1);
  }

  @Test
  void aLongListReachesASlowButLivingReaderWhole() throws IOException {
    for (int i = 0; i < 20_000; i++) {
      desk.points.add(new PointView("lamp-" + i, "energy", "1", "Wh", "good", null, 1L));
    }
    SocketChannel client = connect();
    write(client, "{\"v\":1,\"id\":1,\"do\":\"points\"}\n");
    assertThat(read(client).lines().count()).isEqualTo(20_000 + 4 + 1);
  }

  @Test
  void followsEventsWithoutGapOrRepetition() throws IOException {
    SocketChannel client = connect();
    write(client, "{\"v\":1,\"id\":1,\"do\":\"events\",\"args\":{\"follow\":true,\"most\":1}}\n");
    desk.tell(ItemView.of(desk.events.get(1)));
    desk.tell(ItemView.of(FakeDesk.sample("lamp-17", "1")));
    desk.tell(
        ItemView.of(
            new EventView(9, null, 0L, "info", "device.back", "lamp-18", java.util.Map.of())));
    assertThat(read(client).lines().toList()).hasSize(2).last().asString().contains("\"number\":9");
  }

  @Test
  void answersLateOnesOnlyOnce() throws IOException {
    desk.answers = false;
    SocketChannel client = connect();
    write(client, "{\"v\":1,\"id\":5,\"do\":\"read\",\"args\":{\"target\":\"lamp-17\"}}\n");
    assertThat(read(client)).isEmpty();
    now += Requests.ANSWER_NANOS;
    assertThat(read(client)).contains("\"id\":5").contains("\"code\":\"failed\"");
    for (int i = 0; i < Caller.OPEN_MAX + 1; i++) {
      write(
          client, "{\"v\":1,\"id\":" + i + ",\"do\":\"read\",\"args\":{\"target\":\"lamp-17\"}}\n");
    }
    assertThat(read(client)).contains("\"code\":\"busy\"");
  }

  @Test
  void theSocketBelongsToOwnerAndGroupOnly() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-rw----");
    server.close();
    assertThat(path).doesNotExist();
    server = bind();
  }

  @Test
  void replacesAStaleSocketOnly() throws IOException {
    assertThatThrownBy(this::bind).hasMessageContaining("another gateway answers");
    server.close();
    try (ServerSocketChannel stale = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      stale.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    server = bind();
    assertThat(ask(STATUS)).contains("gw-0042");
    server.close();
    Files.writeString(path, "somebody's notes");
    assertThatThrownBy(this::bind).hasMessageContaining("not a socket");
    assertThat(path).hasContent("somebody's notes");
    Files.delete(path);
    server = bind();
  }

  @Test
  void clientSaysHowToStartAGatewayThatIsDown() {
    assertThatThrownBy(() -> LocalClient.open(directory.resolve("none.sock")))
        .isInstanceOfSatisfying(
            LocalClient.Unreachable.class,
            e -> assertThat(e.next()).contains("systemctl start verge"))
        .hasMessageContaining("not running");
  }

  @Test
  void viewsMustBeWhole() {
    JsonObject half = new JsonObject();
    half.addProperty("name", "x");
    assertThat(Shape.isWhole(desk.status())).isTrue();
    assertThat(Shape.isWhole(new com.google.gson.Gson().fromJson(half, ClockView.class))).isTrue();
    assertThat(Shape.isWhole(new com.google.gson.Gson().fromJson(half, ReadingView.class)))
        .isFalse();
  }
}
