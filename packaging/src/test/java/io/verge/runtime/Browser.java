package io.verge.runtime;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Headless Chromium with one tab of a phone's size, told what to do over its DevTools protocol. */
final class Browser implements AutoCloseable {
  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
  private final String session;
  private int lastId;

  /** Requests of the page, and complaints of the browser, as they came. */
  final CopyOnWriteArrayList<String> requests = new CopyOnWriteArrayList<>();

  final CopyOnWriteArrayList<String> complaints = new CopyOnWriteArrayList<>();

  /** Whether there is one. */
  static boolean isThere() throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v chromium")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  Browser(Path profile) throws Exception {
    process =
        new ProcessBuilder(
                "chromium",
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address()), new Listener())
            .get();
    JsonObject about = new JsonObject();
    about.addProperty("url", "about:blank");
    JsonObject attach = new JsonObject();
    attach.addProperty(
        "targetId", tell("", "Target.createTarget", about).get("targetId").getAsString());
    attach.addProperty("flatten", true);
    session = tell("", "Target.attachToTarget", attach).get("sessionId").getAsString();
    for (String domain : new String[] {"Page", "Runtime", "Network", "Log"}) {
      tell(domain + ".enable", new JsonObject());
    }
  }

  private String address() throws IOException {
    String words = "DevTools listening on ";
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    for (String line; (line = said.readLine()) != null; ) {
      if (line.startsWith(words)) {
        Thread drain = new Thread(() -> said.lines().forEach(unused -> {}), "chromium");
        drain.setDaemon(true);
        drain.start();
        return line.substring(words.length());
      }
    }
    throw new IOException("chromium does not start");
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        heard(JsonParser.parseString(text.toString()).getAsJsonObject());
        text.setLength(0);
      }
      from.request(1);
      return CompletableFuture.completedStage(null);
    }
  }

  private void heard(JsonObject message) {
    if (message.has("id")) {
      CompletableFuture<JsonObject> answer = asked.remove(message.get("id").getAsInt());
      if (answer != null) {
        answer.complete(message);
      }
      return;
    }
    String method = message.get("method").getAsString();
    JsonObject params = message.getAsJsonObject("params");
    if (method.equals("Network.requestWillBeSent")) {
      requests.add(params.getAsJsonObject("request").get("url").getAsString());
    } else if (method.equals("Log.entryAdded") || method.equals("Runtime.exceptionThrown")) {
      complaints.add(params.toString());
    }
  }

  private JsonObject tell(String to, String method, JsonObject params) throws Exception {
    JsonObject message = new JsonObject();
    CompletableFuture<JsonObject> answer = new CompletableFuture<>();
    int id = ++lastId;
    asked.put(id, answer);
    message.addProperty("id", id);
    message.addProperty("method", method);
    message.add("params", params);
    if (!to.isEmpty()) {
      message.addProperty("sessionId", to);
    }
    socket.sendText(message.toString(), true).get();
    JsonObject told = answer.get();
    if (told.has("error")) {
      throw new AssertionError(method + ": " + told.get("error"));
    }
    return told.getAsJsonObject("result");
  }

  private JsonObject tell(String method, JsonObject params) throws Exception {
    return tell(session, method, params);
  }

  /** A phone's screen, 390 by {@code height}, two pixels a point. */
  void phone(int height, boolean dark) throws Exception {
    JsonObject screen = new JsonObject();
    screen.addProperty("width", 390);
    screen.addProperty("height", height);
    screen.addProperty("deviceScaleFactor", 2);
    screen.addProperty("mobile", true);
    tell("Emulation.setDeviceMetricsOverride", screen);
    tell(
        "Emulation.setEmulatedMedia",
        JsonParser.parseString(
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\""
                    + (dark ? "dark" : "light")
                    + "\"}]}")
            .getAsJsonObject());
  }

  void go(String url) throws Exception {
    JsonObject where = new JsonObject();
    where.addProperty("url", url);
    tell("Page.navigate", where);
  }

  /** The value of an expression of the page; a promise is waited for. */
  String value(String script) throws Exception {
    JsonObject what = new JsonObject();
    what.addProperty("expression", script);
    what.addProperty("awaitPromise", true);
    what.addProperty("returnByValue", true);
    JsonObject told = tell("Runtime.evaluate", what);
    if (told.has("exceptionDetails")) {
      throw new AssertionError(script + ": " + told.get("exceptionDetails"));
    }
    JsonObject result = told.getAsJsonObject("result");
    return result.has("value") ? result.get("value").getAsString() : "";
  }

  /** Waits until an expression of the page holds; the page looks again ten times a second. */
  void until(String condition) throws Exception {
    String ended =
        value(
            "new Promise(done => { let looks = 0; const again = () => { let holds = false;"
                + " try { holds = ("
                + condition
                + "); } catch (notYet) { holds = false; }"
                + " if (holds) done(''); else if (++looks > 600) done(document.body.innerText);"
                + " else setTimeout(again, 100); }; again(); })");
    if (!ended.isEmpty()) {
      throw new AssertionError(condition + " does not come: " + ended + complaints);
    }
  }

  byte[] shot() throws Exception {
    JsonObject how = new JsonObject();
    how.addProperty("format", "png");
    how.addProperty("optimizeForSpeed", false);
    return Base64.getDecoder()
        .decode(tell("Page.captureScreenshot", how).get("data").getAsString());
  }

  @Override
  public void close() throws InterruptedException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }
}
