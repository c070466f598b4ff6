package io.verge.runtime;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Not hawkBit, which is in no repository of libraries: a strict stand-in, written from the public
 * description of its DDI (eclipse.dev/hawkbit/rest-api/ddi). One target, one action at a time;
 * answers are chunked, as those of its servlet container are.
 */
final class HawkbitServer implements AutoCloseable {
  static final String TOKEN = "8f2c1d";
  private static final String BASE = "/DEFAULT/controller/v1/gw-1";
  private static final Set<String> EXECUTIONS =
      Set.of(
          "closed",
          "proceeding",
          "canceled",
          "scheduled",
          "rejected",
          "resumed",
          "downloaded",
          "download");
  private static final Set<String> RESULTS = Set.of("success", "failure", "none");

  /** Feedback as {@code ACTION execution result detail}, in the order it came. */
  final List<String> told = Collections.synchronizedList(new ArrayList<>());

  /** What was wrong with a request. */
  final List<String> wrong = Collections.synchronizedList(new ArrayList<>());

  final Map<String, String> attributes = new TreeMap<>();
  volatile int polls;
  volatile boolean isDown;
  volatile boolean wantsAttributes = true;
  volatile String action = "";
  volatile String cancel = "";
  volatile String fileName = "verge_0.2.0_amd64.vup";
  volatile String sha256 = "";
  volatile String window = "";
  volatile byte[] file = new byte[0];

  /** Bytes of the artifact after which a connection ends. */
  volatile int breaksAfter = Integer.MAX_VALUE;

  private final HttpServer server;

  HawkbitServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange call) throws IOException {
    try (call) {
      String path = call.getRequestURI().getPath();
      if (isDown) {
        call.sendResponseHeaders(503, -1);
      } else if (!("TargetToken " + TOKEN)
          .equals(call.getRequestHeaders().getFirst("Authorization"))) {
        wrong.add("no token: " + path);
        call.sendResponseHeaders(401, -1);
      } else if (path.equals(BASE)) {
        polls++;
        json(call, base());
      } else if (path.equals(BASE + "/configData") && call.getRequestMethod().equals("PUT")) {
        JsonObject data = body(call).getAsJsonObject("data");
        data.keySet().forEach(key -> attributes.put(key, data.get(key).getAsString()));
        wantsAttributes = false;
        call.sendResponseHeaders(200, -1);
      } else if (path.equals(BASE + "/deploymentBase/" + action)) {
        json(call, deployment());
      } else if (path.equals(BASE + "/cancelAction/" + cancel)) {
        json(
            call, "{\"id\":\"%s\",\"cancelAction\":{\"stopId\":\"%s\"}}".formatted(cancel, cancel));
      } else if (path.endsWith("/feedback") && call.getRequestMethod().equals("POST")) {
        feedback(call, path);
      } else if (path.equals(BASE + "/softwaremodules/5/artifacts/" + fileName)) {
        artifact(call);
      } else {
        wrong.add(call.getRequestMethod() + " " + path);
        call.sendResponseHeaders(404, -1);
      }
    }
  }

  private String base() {
    List<String> links = new ArrayList<>();
    if (!action.isEmpty() && cancel.isEmpty()) {
      links.add(link("deploymentBase", "/deploymentBase/" + action + "?c=-2129030598"));
    }
    if (!cancel.isEmpty()) {
      links.add(link("cancelAction", "/cancelAction/" + cancel));
    }
    if (wantsAttributes) {
      links.add(link("configData", "/configData"));
    }
    return "{\"config\":{\"polling\":{\"sleep\":\"00:10:00\"}},\"_links\":{"
        + String.join(",", links)
        + "}}";
  }

  private String link(String name, String path) {
    return "\"" + name + "\":{\"href\":\"" + url() + BASE + path + "\"}";
  }

  private String deployment() {
    return """
        {"id":"%s","deployment":{"download":"forced","update":"forced"%s,"chunks":[
         {"part":"bApp","version":"0.2.0","name":"verge","artifacts":[
          {"filename":"readme.txt","hashes":{"sha1":"00","md5":"00","sha256":"%s"},"size":3,
           "_links":{"download":{"href":"http://elsewhere.example/readme.txt"}}},
          {"filename":"%s","hashes":{"sha1":"00","md5":"00","sha256":"%s"},"size":%d,
           "_links":{%s}}]}]},"actionHistory":{"status":"RUNNING","messages":[]}}
        """
        .formatted(
            action,
            window.isEmpty() ? "" : ",\"maintenanceWindow\":\"" + window + "\"",
            HexFormat.of().formatHex(new byte[32]),
            fileName,
            sha256,
            file.length,
            link("download", "/softwaremodules/5/artifacts/" + fileName));
  }

  private void feedback(HttpExchange call, String path) throws IOException {
    String type = String.valueOf(call.getRequestHeaders().getFirst("Content-Type"));
    JsonObject status = body(call).getAsJsonObject("status");
    String execution = status.get("execution").getAsString();
    String result = status.getAsJsonObject("result").get("finished").getAsString();
    JsonArray details = status.getAsJsonArray("details");
    if (!EXECUTIONS.contains(execution)
        || !RESULTS.contains(result)
        || details.size() > 50
        || !type.startsWith("application/json")) {
      wrong.add("feedback " + status + " as " + type);
      call.sendResponseHeaders(400, -1);
      return;
    }
    String[] parts = path.split("/");
    String of = parts[parts.length - 2];
    boolean isCancel = parts[parts.length - 3].equals("cancelAction");
    if (!of.equals(isCancel ? cancel : action)) {
      wrong.add("feedback of " + of + ", which is not open");
      call.sendResponseHeaders(410, -1);
      return;
    }
    told.add(of + " " + execution + " " + result + (details.isEmpty() ? "" : " " + details.get(0)));
    if (isCancel) {
      action = execution.equals("closed") ? "" : action;
      cancel = "";
    } else if (execution.equals("closed")) {
      action = "";
      wantsAttributes = true;
    }
    call.sendResponseHeaders(200, -1);
  }

  private void artifact(HttpExchange call) throws IOException {
    String range = call.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replace("bytes=", "").replace("-", ""));
    if (from > 0) {
      call.getResponseHeaders()
          .add("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
    }
    call.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
    int count = Math.min(breaksAfter, file.length - from);
    call.getResponseBody().write(file, from, count);
    call.getResponseBody().flush();
  }

  private static JsonObject body(HttpExchange call) throws IOException {
    String text = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    return JsonParser.parseString(text).getAsJsonObject();
  }

  private static void json(HttpExchange call, String text) throws IOException {
    call.getResponseHeaders().add("Content-Type", "application/hal+json;charset=UTF-8");
    call.sendResponseHeaders(200, 0);
    call.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    call.getResponseBody().close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
