package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.verge.local.CommandView;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.TargetPattern;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page for phones: files from the jar, the feed, plots and lamps. Only those who gave
 * the code see anything of the street.
 */
final class PageServer implements AutoCloseable {
  private static final int THREADS = 24;
  private static final int WAITING_MAX = 32;
  private static final int BODY_MAX = 1024;
  private static final String COOKIE = "verge=";

  /** Requests a second of all phones together, and how many may come at once. */
  private static final int RATE = 20;

  private static final int BURST = 60;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
          + "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

  private static final Map<String, String> FILES =
      Map.of(
          "/", "index.html",
          "/app.js", "app.js",
          "/app.css", "app.css");

  private static final Map<String, String> KINDS =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8");

  private final Gson gson = new Gson();
  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Thread looking;
  private final PageGuard guard;
  private final PageDesk desk;
  private final PageFeed feed;
  private double tokens = BURST;
  private long refilledNanos = System.nanoTime();

  static {
    // Of the whole process, which does nothing else: seconds a request may take to come.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxReqHeaders", "50");
    System.setProperty("sun.net.httpserver.maxReqHeaderSize", "16384");
    System.setProperty("jdk.httpserver.maxConnections", "64");
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /**
   * @throws IOException if the address can't be bound.
   */
  PageServer(InetSocketAddress address, PageGuard guard, PageDesk desk) throws IOException {
    this.guard = guard;
    this.desk = desk;
    this.feed = new PageFeed(desk::look);
    this.server = HttpServer.create(address, 16);
    this.threads =
        new ThreadPoolExecutor(
            THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING_MAX));
    threads.allowCoreThreadTimeOut(true);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    this.looking = new Thread(this::look, "look");
    looking.setDaemon(true);
  }

  private void look() {
    try {
      feed.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void start() {
    looking.start();
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      headers(exchange.getResponseHeaders());
      if (!isOurs(exchange)) {
        answer(exchange, 421, "text/plain", "ask by address, not by another name");
      } else if (!hasToken()) {
        answer(exchange, 429, "text/plain", "too many requests");
      } else {
        route(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void headers(Headers headers) {
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  /** A name in the Host line may be somebody else's that was made to point here. */
  private static boolean isOurs(HttpExchange exchange) {
    String host = exchange.getRequestHeaders().getFirst("Host");
    return host != null
        && host.matches("(localhost|[0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}\\])(:[0-9]{1,5})?");
  }

  private synchronized boolean hasToken() {
    long now = System.nanoTime();
    tokens = Math.min(BURST, tokens + (double) RATE * (now - refilledNanos) / SECOND_NANOS);
    refilledNanos = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  private void route(HttpExchange exchange) throws IOException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    String what = exchange.getRequestMethod() + " " + path;
    String file = FILES.get(path);
    if (exchange.getRequestMethod().equals("GET") && file != null) {
      file(exchange, file);
    } else if (what.equals("POST /api/enter")) {
      enter(exchange);
    } else if (!path.startsWith("/api/")) {
      answer(exchange, 404, "text/plain", "nothing is here");
    } else {
      String session = session(exchange);
      if (session == null) {
        answer(exchange, 401, "text/plain", "the code first");
      } else if (what.equals("GET /api/feed")) {
        feed(exchange, session);
      } else if (what.equals("GET /api/plot")) {
        plot(exchange);
      } else if (what.equals("POST /api/lamp")) {
        lamp(exchange);
      } else {
        answer(exchange, 404, "text/plain", "nothing is here");
      }
    }
  }

  private static void file(HttpExchange exchange, String name) throws IOException {
    try (InputStream in = PageServer.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("resource page/" + name);
      }
      String kind = KINDS.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "");
      answer(exchange, 200, kind, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void answer(HttpExchange exchange, int code, String kind, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", kind);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** The token of a known session, or null. */
  private @Nullable String session(HttpExchange exchange) {
    for (String line : exchange.getRequestHeaders().getOrDefault("Cookie", java.util.List.of())) {
      for (String cookie : line.split(";", -1)) {
        String text = cookie.strip();
        if (text.startsWith(COOKIE) && guard.knows(text.substring(COOKIE.length()))) {
          return text.substring(COOKIE.length());
        }
      }
    }
    return null;
  }

  /**
   * The body of a request that our own page sent: another site's page can't set this header without
   * being asked for it first, and is told nothing then.
   */
  private @Nullable JsonObject ours(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String origin = headers.getFirst("Origin");
    boolean same = origin == null || origin.equals("http://" + headers.getFirst("Host"));
    if (!same || !"page".equals(headers.getFirst("X-Verge"))) {
      answer(exchange, 403, "text/plain", "only from this page");
      return null;
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY_MAX + 1);
    if (body.length <= BODY_MAX) {
      try {
        JsonObject object =
            gson.fromJson(new String(body, StandardCharsets.UTF_8), JsonObject.class);
        if (object != null) {
          return object;
        }
      } catch (JsonParseException e) {
        answer(exchange, 400, "text/plain", "not JSON");
        return null;
      }
    }
    answer(exchange, 400, "text/plain", "a small JSON object is expected");
    return null;
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value && value.isString()
        ? value.getAsString()
        : "";
  }

  private void enter(HttpExchange exchange) throws IOException {
    JsonObject body = ours(exchange);
    if (body == null) {
      return;
    }
    Optional<String> token = guard.enter(text(body, "code"));
    if (token.isEmpty()) {
      answer(exchange, 401, "text/plain", "not the code, or too many tries");
      return;
    }
    exchange
        .getResponseHeaders()
        .set("Set-Cookie", COOKIE + token.get() + "; Path=/; HttpOnly; SameSite=Strict");
    answer(exchange, 200, "application/json", "{}");
  }

  private void feed(HttpExchange exchange, String session)
      throws IOException, InterruptedException {
    if (!feed.join(session, exchange)) {
      answer(exchange, 503, "text/plain", "too many phones are listening");
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    feed.serve(session, exchange, exchange.getResponseBody());
  }

  private void plot(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    String target =
        query == null || !query.startsWith("target=")
            ? ""
            : URLDecoder.decode(query.substring("target=".length()), StandardCharsets.UTF_8);
    if (!isTarget(target)) {
      answer(exchange, 400, "text/plain", "target is ASSET/POINT");
      return;
    }
    try {
      answer(exchange, 200, "image/svg+xml", desk.plot(target));
    } catch (Unreachable e) {
      answer(exchange, 502, "text/plain", String.valueOf(e.getMessage()));
    } catch (Refused e) {
      answer(exchange, 404, "text/plain", String.valueOf(e.getMessage()));
    }
  }

  private static boolean isTarget(String target) {
    try {
      TargetPattern.parse(target);
      return !target.isEmpty() && !target.contains("*") && !target.contains("?");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void lamp(HttpExchange exchange) throws IOException {
    JsonObject body = ours(exchange);
    if (body == null) {
      return;
    }
    String target = text(body, "target");
    int level =
        body.get("level") instanceof JsonPrimitive value
                && value.isNumber()
                && value.getAsString().matches("-1|[0-9]{1,2}|100")
            ? value.getAsInt()
            : Integer.MIN_VALUE;
    if (!isTarget(target) || level == Integer.MIN_VALUE) {
      answer(exchange, 400, "text/plain", "a lamp and a level, 0 to 100, are expected");
      return;
    }
    try {
      CommandView view = desk.lamp(target, level);
      answer(exchange, 200, "application/json", gson.toJson(view));
    } catch (Unreachable e) {
      answer(exchange, 502, "text/plain", String.valueOf(e.getMessage()));
    } catch (Refused e) {
      answer(exchange, 409, "text/plain", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    feed.end();
    server.stop(0);
    threads.shutdownNow();
    desk.close();
  }
}
