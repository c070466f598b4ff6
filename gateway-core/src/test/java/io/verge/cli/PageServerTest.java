package io.verge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.health.Counters;
import io.verge.local.FakeDesk;
import io.verge.local.LocalServer;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page's server over plain sockets, as a phone or somebody worse would ask it. */
@Timeout(60)
class PageServerTest {
  private static final String JSON = "Content-Type: application/json\r\nX-Verge: page\r\n";

  @TempDir private Path folder = Path.of("unset");

  private final FakeDesk desk = new FakeDesk();
  private final SystemTicker ticker = new SystemTicker();
  private final ThreadCrew crew = new ThreadCrew(ticker, (worker, cause) -> {});
  private final List<String> codes = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private LocalServer local;
  private PageServer server;

  private record Answer(int code, Map<String, String> headers, String body) {}

  @BeforeEach
  void open() throws IOException {
    Path path = folder.resolve("v.sock");
    local = LocalServer.open(new LocalServer.Settings(path), desk, ticker, new Counters());
    crew.start(local);
    PageGuard guard = new PageGuard(new Random(7), nanos::get, codes::add);
    server =
        new PageServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            guard,
            new PageDesk(path, nanos::get));
    server.start();
    guard.renew();
  }

  @AfterEach
  void close() {
    server.close();
    crew.stop(local);
  }

  private String host() {
    return "127.0.0.1:" + server.port();
  }

  private Socket say(String request) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  private Answer ask(String line, String headers, String body) throws IOException {
    return ask(host(), line, headers, body);
  }

  private Answer ask(String host, String line, String headers, String body) throws IOException {
    String request =
        line
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nConnection: close\r\n"
            + headers
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    try (Socket socket = say(request)) {
      BufferedReader in = reader(socket);
      String status = String.valueOf(in.readLine());
      Map<String, String> found = headers(in);
      StringBuilder text = new StringBuilder();
      for (int c; (c = in.read()) >= 0; ) {
        text.append((char) c);
      }
      return new Answer(Integer.parseInt(status.split(" ", -1)[1]), found, text.toString());
    }
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Map<String, String> headers(BufferedReader in) throws IOException {
    Map<String, String> found = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line; (line = in.readLine()) != null && !line.isEmpty(); ) {
      found.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
    }
    return found;
  }

  private Answer enter(String code) throws IOException {
    return ask("POST /api/enter", JSON, "{\"code\":\"" + code + "\"}");
  }

  private String cookie() throws IOException {
    Answer answer = enter(codes.get(codes.size() - 1));
    assertThat(answer.code()).isEqualTo(200);
    String cookie = String.valueOf(answer.headers().get("Set-Cookie"));
    assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
    return "Cookie: " + cookie.substring(0, cookie.indexOf(';')) + "\r\n";
  }

  @Test
  void thePageItselfIsForAllAndTheStreetForThoseWithTheCode() throws IOException {
    for (String path : List.of("/", "/app.js", "/app.css")) {
      Answer answer = ask("GET " + path, "", "");
      assertThat(answer.code()).isEqualTo(200);
      assertThat(answer.headers().get("Content-Security-Policy"))
          .startsWith("default-src 'none'; script-src 'self'; style-src 'self'");
      assertThat(answer.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.body()).as("no foreign hosts").doesNotContain("https://");
      assertThat(answer.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http://");
      assertThat(answer.body()).as("works under the policy").doesNotContain(" style=\"");
    }
    for (String what : List.of("GET /api/feed", "GET /api/plot?target=lamp-17/power")) {
      assertThat(ask(what, "", "").code()).isEqualTo(401);
      assertThat(ask(what, "Cookie: verge=AAAA\r\n", "").code()).isEqualTo(401);
    }
    assertThat(ask("POST /api/lamp", JSON, "{}").code()).isEqualTo(401);
    assertThat(ask("GET /../gateway.toml", "", "").code()).isEqualTo(404);
    assertThat(ask("GET /WatchPage.class", "", "").code()).isEqualTo(404);
    assertThat(desk.asked).isEmpty();
  }

  @Test
  void aCodeIsGoodForOnePhoneAndGuessingForNone() throws IOException {
    String first = codes.get(0);
    cookie();
    assertThat(codes).hasSize(2);
    assertThat(enter(first).code()).isEqualTo(401);
    assertThat(enter(codes.get(1).toLowerCase(java.util.Locale.ROOT).replace("-", " ")).code())
        .isEqualTo(200);
    for (int guess = 0; guess < 5; guess++) {
      assertThat(enter("AAAA-AAA" + guess).code()).isEqualTo(401);
    }
    String latest = codes.get(codes.size() - 1);
    assertThat(codes).as("guessing costs the code").hasSize(4);
    assertThat(enter(latest).code()).as("and time").isEqualTo(401);
    nanos.addAndGet(31_000_000_000L);
    assertThat(enter(latest).code()).isEqualTo(200);
  }

  @Test
  void theFeedTellsWhatStatusTells() throws IOException {
    String cookie = cookie();
    try (Socket socket =
        say("GET /api/feed HTTP/1.1\r\nHost: " + host() + "\r\n" + cookie + "\r\n")) {
      BufferedReader in = reader(socket);
      assertThat(in.readLine()).contains("200");
      assertThat(headers(in)).containsEntry("Content-Type", "text/event-stream");
      String line = in.readLine();
      while (!line.startsWith("data: ")) {
        line = String.valueOf(in.readLine());
      }
      JsonObject look = JsonParser.parseString(line.substring(6)).getAsJsonObject();
      assertThat(look.getAsJsonObject("status").get("gateway").getAsString()).isEqualTo("gw-0042");
      assertThat(look.getAsJsonArray("points")).hasSize(4);
      assertThat(look.getAsJsonArray("events")).hasSize(2);
    }
  }

  @Test
  void onlyEightListenAndANewStreamOfASessionEndsItsOld() throws IOException {
    List<Socket> phones = new ArrayList<>();
    List<String> cookies = new ArrayList<>();
    try {
      for (int phone = 0; phone < 8; phone++) {
        cookies.add(cookie());
        phones.add(listen(cookies.get(phone), "200"));
      }
      cookies.add(cookie());
      phones.add(listen(cookies.get(8), "503"));
      phones.add(listen(cookies.get(7), "200"));
      BufferedReader old = reader(phones.get(7));
      String line = old.readLine();
      while (line != null) {
        line = old.readLine();
      }
    } finally {
      for (Socket phone : phones) {
        phone.close();
      }
    }
  }

  private Socket listen(String cookie, String code) throws IOException {
    Socket socket =
        say(
            "GET /api/feed HTTP/1.1\r\nHost: "
                + host()
                + "\r\nConnection: close\r\n"
                + cookie
                + "\r\n");
    byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
    assertThat(new String(first, StandardCharsets.UTF_8)).endsWith(code);
    return socket;
  }

  @Test
  void lampsAreTestedFromThisPageOnly() throws IOException {
    String cookie = cookie();
    String body = "{\"target\":\"lamp-17\",\"level\":40}";
    Answer done = ask("POST /api/lamp", cookie + JSON, body);
    assertThat(done.code()).as(done.body()).isEqualTo(200);
    assertThat(done.body()).contains("\"state\":\"done\"");
    assertThat(ask("POST /api/lamp", cookie, body).code()).as("a form elsewhere").isEqualTo(403);
    String foreign = "Origin: http://evil.example\r\n";
    assertThat(ask("POST /api/lamp", cookie + JSON + foreign, body).code()).isEqualTo(403);
    String own = "Origin: http://" + host() + "\r\n";
    assertThat(ask("POST /api/lamp", cookie + JSON + own, body).code()).isEqualTo(200);
    assertThat(ask("GET /api/lamp", cookie + JSON, "").code()).isEqualTo(404);
    for (String wrong :
        List.of(
            "",
            "[",
            "null",
            "{\"target\":\"lamp-*\",\"level\":0}",
            "{\"target\":\"lamp-17\",\"level\":101}",
            "{\"target\":\"lamp-17\",\"level\":\"0\"}",
            "{\"target\":\"lamp-17\"}",
            " ".repeat(2000))) {
      assertThat(ask("POST /api/lamp", cookie + JSON, wrong).code()).as(wrong).isEqualTo(400);
    }
  }

  @Test
  void anotherNameForThisAddressIsRefused() throws IOException {
    assertThat(ask("localhost:" + server.port(), "GET /", "", "").code()).isEqualTo(200);
    assertThat(ask("evil.example", "GET /", "", "").code()).isEqualTo(421);
    assertThat(ask("127.0.0.1.evil.example", "GET /", "", "").code()).isEqualTo(421);
  }

  @Test
  void aPlotIsAPictureWithoutAnythingElse() throws IOException {
    String cookie = cookie();
    Answer plot = ask("GET /api/plot?target=lamp-17%2Fpower", cookie, "");
    assertThat(plot.code()).as(plot.body()).isEqualTo(200);
    assertThat(plot.body()).startsWith("<svg").contains("class=\"line\"").doesNotContain("script");
    assertThat(ask("GET /api/plot?target=" + "x/".repeat(100), cookie, "").code()).isEqualTo(400);
    assertThat(ask("GET /api/plot?target=lamp-9/power", cookie, "").code()).isEqualTo(404);
    assertThat(ask("GET /api/plot", cookie, "").code()).isEqualTo(400);
  }

  @Test
  void whoFloodsIsToldSo() throws IOException {
    int refused = 0;
    for (int i = 0; i < 400 && refused == 0; i++) {
      refused += ask("GET /app.css", "", "").code() == 429 ? 1 : 0;
    }
    assertThat(refused).isOne();
  }

  @Test
  void garbageHurtsNobody() throws IOException {
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.getOutputStream().write(bytes);
      }
    }
    assertThat(ask("GET /", "", "").code()).isEqualTo(200);
  }
}
