package io.verge.update;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.verge.bytes.Decoded;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Direct Device Integration API of Eclipse hawkBit, version 1: what the server's answers say,
 * and what it is told. Links are followed only to the server itself. Pure.
 *
 * <p>Source: eclipse.dev/hawkbit/apis/ddi_api and eclipse.dev/hawkbit/rest-api/ddi.
 */
public final class Hawkbit {
  /** What the server wants more rarely or more often is not followed. */
  private static final Duration POLL_LEAST = Duration.ofSeconds(30);

  private static final Duration POLL_MOST = Duration.ofDays(7);
  private static final Duration POLL_USUAL = Duration.ofMinutes(5);
  private static final Pattern CLOCK = Pattern.compile("([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])");
  private static final Pattern ACTION = Pattern.compile("[0-9]{1,19}");
  private static final Pattern SUM = Pattern.compile("[0-9a-fA-F]{64}");
  private static final int ARTIFACTS_MAX = 100;
  private static final int DETAIL_MAX = 500;
  private static final String BUNDLE = ".vup";

  private Hawkbit() {}

  /**
   * The base resource.
   *
   * @param sleep until the next poll.
   * @param attributes where the gateway's attributes are wanted; null: they are not.
   * @param deployment an open action; null: there is none.
   * @param cancel an action to be given up; null: there is none.
   */
  public record Poll(
      Duration sleep, @Nullable URI attributes, @Nullable URI deployment, @Nullable URI cancel) {}

  /**
   * A file of a deployment.
   *
   * @param sha256 64 hex digits in lower case; empty where the server tells none.
   */
  public record Artifact(String name, URI from, String sha256, long size) {}

  /**
   * An action.
   *
   * @param isDue false: outside of its maintenance window, or to be downloaded only.
   */
  public record Deployment(String action, boolean isDue, List<Artifact> artifacts) {
    public Deployment {
      artifacts = List.copyOf(artifacts);
    }

    /** The one bundle for an architecture, or why there is none. */
    public Decoded<Artifact> bundle(String arch) {
      List<Artifact> fitting =
          artifacts.stream().filter(one -> one.name().endsWith("_" + arch + BUNDLE)).toList();
      if (fitting.size() != 1) {
        return Decoded.invalid(
            fitting.size() + " of its files are named …_" + arch + BUNDLE + ", expected one", 0);
      }
      return fitting.get(0).sha256().isEmpty()
          ? Decoded.invalid("the server tells no sha256 of " + fitting.get(0).name(), 0)
          : Decoded.valid(fitting.get(0));
    }
  }

  /** How an action stands. */
  public enum State {
    PROCEEDING("proceeding", "none"),
    DONE("closed", "success"),
    FAILED("closed", "failure"),
    /** Of a cancellation: it comes too late. */
    REJECTED("rejected", "none");

    private final String execution;
    private final String finished;

    State(String execution, String finished) {
      this.execution = execution;
      this.finished = finished;
    }
  }

  /** Where a gateway polls. */
  public static URI base(URI server, String tenant, String controller) {
    String root = server.toString().replaceAll("/+$", "");
    return URI.create(root + "/" + tenant + "/controller/v1/" + controller);
  }

  public static Decoded<Poll> poll(byte[] json, URI server) {
    Object read = object(json);
    if (!(read instanceof JsonObject root)) {
      return Decoded.invalid(read.toString(), 0);
    }
    JsonObject links = child(root, "_links");
    String sleep = text(child(child(root, "config"), "polling"), "sleep");
    return Decoded.valid(
        new Poll(
            sleep(sleep),
            link(links, "configData", server),
            link(links, "deploymentBase", server),
            link(links, "cancelAction", server)));
  }

  private static Duration sleep(String text) {
    Matcher clock = CLOCK.matcher(text);
    if (!clock.matches()) {
      return POLL_USUAL;
    }
    Duration asked =
        Duration.ofHours(Long.parseLong(clock.group(1)))
            .plusMinutes(Long.parseLong(clock.group(2)))
            .plusSeconds(Long.parseLong(clock.group(3)));
    if (asked.compareTo(POLL_LEAST) < 0) {
      return POLL_LEAST;
    }
    return asked.compareTo(POLL_MOST) > 0 ? POLL_MOST : asked;
  }

  public static Decoded<Deployment> deployment(byte[] json, URI server) {
    Object read = object(json);
    if (!(read instanceof JsonObject root)) {
      return Decoded.invalid(read.toString(), 0);
    }
    String action = text(root, "id");
    if (!ACTION.matcher(action).matches()) {
      return Decoded.invalid("an action without a number", 0);
    }
    JsonObject deployment = child(root, "deployment");
    boolean isDue =
        !text(deployment, "update").equals("skip")
            && !text(deployment, "maintenanceWindow").equals("unavailable");
    List<Artifact> artifacts = new ArrayList<>();
    for (JsonObject chunk : children(deployment, "chunks")) {
      for (JsonObject one : children(chunk, "artifacts")) {
        URI from = link(child(one, "_links"), "download", server);
        if (from == null) {
          from = link(child(one, "_links"), "download-http", server);
        }
        String sum = text(child(one, "hashes"), "sha256");
        if (from != null && artifacts.size() < ARTIFACTS_MAX) {
          artifacts.add(
              new Artifact(
                  text(one, "filename"),
                  from,
                  SUM.matcher(sum).matches() ? sum.toLowerCase(Locale.ROOT) : "",
                  number(one, "size")));
        }
      }
    }
    return Decoded.valid(new Deployment(action, isDue, artifacts));
  }

  /** Which action is to be given up, of the answer to a cancellation's link. */
  public static Decoded<String> stopped(byte[] json) {
    Object read = object(json);
    if (!(read instanceof JsonObject root)) {
      return Decoded.invalid(read.toString(), 0);
    }
    String action = text(child(root, "cancelAction"), "stopId");
    return ACTION.matcher(action).matches()
        ? Decoded.valid(action)
        : Decoded.invalid("a cancellation without an action", 0);
  }

  /** Where an action's or a cancellation's state is told. */
  public static URI feedback(URI link) {
    String text = link.toString();
    int query = text.indexOf('?');
    return URI.create((query < 0 ? text : text.substring(0, query)) + "/feedback");
  }

  /** The message that is sent there. */
  public static byte[] feedback(State state, String detail) {
    JsonObject result = new JsonObject();
    result.addProperty("finished", state.finished);
    JsonObject status = new JsonObject();
    status.addProperty("execution", state.execution);
    status.add("result", result);
    JsonArray details = new JsonArray();
    if (!detail.isEmpty()) {
      details.add(detail.length() > DETAIL_MAX ? detail.substring(0, DETAIL_MAX) : detail);
    }
    status.add("details", details);
    JsonObject root = new JsonObject();
    root.add("status", status);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The gateway's attributes as the server takes them. */
  public static byte[] attributes(Map<String, String> attributes) {
    JsonObject data = new JsonObject();
    attributes.forEach(data::addProperty);
    JsonObject root = new JsonObject();
    root.addProperty("mode", "merge");
    root.add("data", data);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a link leads to the server itself, which alone is shown the token. */
  public static boolean isAt(URI server, URI link) {
    return server.getScheme().equals(link.getScheme())
        && server.getHost().equalsIgnoreCase(String.valueOf(link.getHost()))
        && port(server) == port(link);
  }

  private static int port(URI uri) {
    if (uri.getPort() > 0) {
      return uri.getPort();
    }
    return "https".equals(uri.getScheme()) ? 443 : 80;
  }

  private static Object object(byte[] json) {
    try {
      JsonElement root = JsonParser.parseString(new String(json, StandardCharsets.UTF_8));
      return root instanceof JsonObject object ? object : "no JSON object";
    } catch (JsonParseException | StackOverflowError e) {
      return "no JSON";
    }
  }

  private static @Nullable URI link(JsonObject links, String name, URI server) {
    try {
      URI link = URI.create(text(child(links, name), "href"));
      return isAt(server, link) ? link : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static JsonObject child(JsonObject object, String key) {
    return object.get(key) instanceof JsonObject child ? child : new JsonObject();
  }

  private static List<JsonObject> children(JsonObject object, String key) {
    List<JsonObject> children = new ArrayList<>();
    if (object.get(key) instanceof JsonArray array) {
      for (JsonElement element : array) {
        if (element instanceof JsonObject child) {
          children.add(child);
        }
      }
    }
    return children;
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  private static long number(JsonObject object, String key) {
    String text = text(object, key);
    return text.matches("[0-9]{1,12}") ? Long.parseLong(text) : 0;
  }
}
