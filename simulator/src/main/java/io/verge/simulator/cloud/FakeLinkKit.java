package io.verge.simulator.cloud;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A fake of Alibaba Cloud's Link Kit for one device: checks the signature of a sign-in and the form
 * of each post, answers with {@code post_reply}, and calls services. Strict: what the published
 * texts do not allow is a complaint and code 460.
 */
public final class FakeLinkKit implements AutoCloseable {
  private static final Pattern CLIENT =
      Pattern.compile(
          "([^|]{1,64})\\|securemode=3,signmethod=hmacsha256,timestamp=([0-9]{1,15})\\|");
  private static final Pattern POST = Pattern.compile("thing/event/([A-Za-z0-9_]{1,50})/post");
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_]{1,50}");
  private static final Set<String> KEYS = Set.of("id", "version", "sys", "params", "method");
  private static final int GOOD = 200;
  private static final int BAD_REQUEST = 460;

  /** One value of one property at one time. */
  public record Value(String property, long timeMs, String number) {}

  private final String productKey;
  private final String deviceName;
  private final String secret;
  private final String base;
  private final Broker broker;
  private final List<Value> values = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private ToIntFunction<String> verdict = id -> GOOD;

  /**
   * Listens on a free loopback port.
   *
   * @throws IOException if none can be had.
   */
  public FakeLinkKit(String productKey, String deviceName, String secret) throws IOException {
    this.productKey = productKey;
    this.deviceName = deviceName;
    this.secret = secret;
    this.base = "/sys/" + productKey + "/" + deviceName + "/";
    this.broker = new Broker(BrokerSettings.plain(0), this::admits).start();
    broker.subscribe(base + "thing/event/+/post", this::posted);
    broker.subscribe(base + "thing/service/+", this::answered);
  }

  public int port() {
    return broker.port();
  }

  /**
   * @param code of the answer to a post, by its id; 0: no answer.
   */
  public synchronized void answerWith(ToIntFunction<String> code) {
    verdict = code;
  }

  /** Calls a service of the device. */
  public void call(String id, String service, Map<String, Object> params) {
    JsonObject call = new JsonObject();
    call.addProperty("id", id);
    call.addProperty("version", "1.0.0");
    call.add("params", new com.google.gson.Gson().toJsonTree(params));
    call.addProperty("method", "thing.service." + service);
    broker.publish(
        base + "thing/service/" + service,
        call.toString().getBytes(StandardCharsets.UTF_8),
        1,
        false);
  }

  public synchronized List<Value> values() {
    return List.copyOf(values);
  }

  public synchronized List<String> events() {
    return List.copyOf(events);
  }

  /** What was not as the texts say. */
  public synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Answers to service calls, as they came. */
  public synchronized List<String> answers() {
    return List.copyOf(answers);
  }

  private synchronized boolean admits(String client, String user, byte[] password) {
    Matcher form = CLIENT.matcher(client);
    if (!form.matches() || !user.equals(deviceName + "&" + productKey)) {
      complaints.add("sign-in as '" + client + "', '" + user + "'");
      return false;
    }
    String text =
        "clientId"
            + form.group(1)
            + "deviceName"
            + deviceName
            + "productKey"
            + productKey
            + "timestamp"
            + form.group(2);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return new String(password, StandardCharsets.UTF_8)
          .equalsIgnoreCase(
              HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8))));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized void posted(String topic, byte[] payload) {
    String path = topic.substring(base.length());
    Matcher form = POST.matcher(path);
    String id = "0";
    int code = BAD_REQUEST;
    try {
      JsonObject post =
          JsonParser.parseString(new String(payload, StandardCharsets.UTF_8)).getAsJsonObject();
      id = post.get("id").getAsString();
      String method = path.replace('/', '.');
      if (!form.matches()
          || !KEYS.containsAll(post.keySet())
          || !id.matches("[0-9]{1,10}")
          || Long.parseLong(id) > 0xFFFF_FFFFL
          || !ids.add(id)
          || !post.get("version").getAsString().equals("1.0")
          || !post.get("method").getAsString().equals(method)) {
        complaints.add(topic + ": " + post);
      } else {
        code = verdict.applyAsInt(id);
        keep(form.group(1), post.getAsJsonObject("params"), code == GOOD);
      }
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      complaints.add(topic + ": " + e);
    }
    if (code != 0) {
      broker.publish(
          topic + "_reply",
          ("{\"id\":\"" + id + "\",\"code\":" + code + ",\"data\":{}}")
              .getBytes(StandardCharsets.UTF_8),
          0,
          false);
    }
  }

  private void keep(String event, JsonObject params, boolean good) {
    if (!event.equals("property")) {
      if (!params.get("value").isJsonObject() || params.get("time").getAsLong() <= 0) {
        complaints.add("event " + event + " " + params);
      } else if (good) {
        events.add(event + " " + params.get("value"));
      }
      return;
    }
    for (Map.Entry<String, JsonElement> property : params.entrySet()) {
      JsonObject told = property.getValue().getAsJsonObject();
      if (!IDENTIFIER.matcher(property.getKey()).matches()
          || !told.keySet().equals(Set.of("value", "time"))
          || !told.get("value").getAsJsonPrimitive().isNumber()) {
        complaints.add("property " + property);
      } else if (good) {
        values.add(
            new Value(
                property.getKey(), told.get("time").getAsLong(), told.get("value").getAsString()));
      }
    }
  }

  private synchronized void answered(String topic, byte[] payload) {
    if (topic.endsWith("_reply")) {
      answers.add(
          topic.substring(base.length()) + " " + new String(payload, StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    broker.close();
  }
}
