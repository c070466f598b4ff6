package io.verge.wire.aliyun;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.Utc;
import io.verge.wire.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Alink messages of a gateway that is one device of the platform. A point is the property {@code
 * <asset>_<point>}, anything but letters and digits made {@code _}; an event is the event {@code
 * log}, a loss the event {@code gap}. Static functions; any thread.
 */
public final class LinkKit {
  /** Properties in one post. */
  static final int PROPERTIES_MAX = 100;

  private static final String VERSION = "1.0";
  private static final int ID_MAX = 20;

  /** What is to be posted, without its id. */
  public record Post(String path, String method, Map<String, Object> params) {}

  /** An answer to a post; {@code code} 200 is good. */
  public record Reply(String id, long code, String message) {}

  /** A service call. */
  public record Call(String id, Map<String, @Nullable Object> params) {}

  private LinkKit() {}

  /** The property of a point. */
  public static String identifier(String asset, String point) {
    return (asset + "_" + point).replaceAll("[^A-Za-z0-9]", "_");
  }

  public static byte[] encode(Post post, String id) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("id", id);
    message.put("version", VERSION);
    message.put("sys", Map.of("ack", 1));
    message.put("params", post.params());
    message.put("method", post.method());
    return JsonText.write(message);
  }

  /**
   * A batch as posts. A post has one value a property, so samples of one device go one after the
   * other, beside those of other devices.
   *
   * @param now with UTC.
   */
  public static List<Post> posts(Batch batch, Catalog catalog, Stamp now) {
    List<Map<String, Object>> open = new ArrayList<>();
    Map<Integer, Integer> turn = new LinkedHashMap<>();
    for (Sample sample : batch.samples()) {
      long at = Utc.ms(sample.stamp(), now);
      if (Utc.isKnown(at)) {
        int nth = turn.merge(sample.device(), 1, Integer::sum) - 1;
        while (open.size() <= nth) {
          open.add(new LinkedHashMap<>());
        }
        properties(open.get(nth), sample, catalog, at);
      }
    }
    List<Post> posts = new ArrayList<>();
    open.forEach(properties -> split(posts, properties));
    for (Event event : batch.events()) {
      long at = Utc.ms(event.stamp(), now);
      if (Utc.isKnown(at)) {
        posts.add(event("log", at, told(event, catalog)));
      }
    }
    batch.gaps().forEach(gap -> posts.add(gap(gap)));
    long untold = Utc.untold(batch, now);
    if (untold > 0) {
      posts.add(gap(batch.lane(), "no-time", untold, now.utcMs()));
    }
    return posts;
  }

  private static void properties(
      Map<String, Object> properties, Sample sample, Catalog catalog, long at) {
    String asset = catalog.devices().get(sample.device()).id();
    List<PointType> points = catalog.typeOf(sample.device()).points();
    for (int p = 0; p < points.size(); p++) {
      Quality quality = sample.qualityOf(p);
      if (sample.values()[p] != Sample.NONE
          && (quality == Quality.GOOD || quality == Quality.SUSPECT)) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("value", JsonText.decimal(sample.values()[p], points.get(p).decimals()));
        value.put("time", at);
        properties.put(identifier(asset, points.get(p).name()), value);
      }
    }
  }

  private static void split(List<Post> posts, Map<String, Object> properties) {
    Map<String, Object> part = new LinkedHashMap<>();
    for (Map.Entry<String, Object> property : properties.entrySet()) {
      part.put(property.getKey(), property.getValue());
      if (part.size() == PROPERTIES_MAX) {
        posts.add(new Post("thing/event/property/post", "thing.event.property.post", part));
        part = new LinkedHashMap<>();
      }
    }
    if (!part.isEmpty()) {
      posts.add(new Post("thing/event/property/post", "thing.event.property.post", part));
    }
  }

  private static Post event(String identifier, long at, Map<String, Object> value) {
    Map<String, Object> params = new LinkedHashMap<>();
    params.put("value", value);
    params.put("time", at);
    return new Post(
        "thing/event/" + identifier + "/post", "thing.event." + identifier + ".post", params);
  }

  private static Map<String, Object> told(Event event, Catalog catalog) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("kind", event.kind());
    told.put("severity", event.severity().number());
    if (event.device() != Event.NO_DEVICE) {
      told.put("device", catalog.devices().get(event.device()).id());
    }
    told.put(
        "details",
        new String(JsonText.write(event.details()), java.nio.charset.StandardCharsets.UTF_8));
    return told;
  }

  private static Post gap(Gap gap) {
    return gap(gap.lane(), gap.reason(), gap.readings(), gap.firstMs());
  }

  private static Post gap(Lane lane, String reason, long readings, long at) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("lane", lane.word());
    value.put("reason", reason);
    value.put("readings", readings);
    return event("gap", at, value);
  }

  /** Reads a {@code post_reply}: {@code {id, code, data, ? message}}. */
  public static Decoded<Reply> reply(byte[] message) {
    Decoded<Map<String, @Nullable Object>> read = JsonText.read(message);
    if (read instanceof Decoded.Invalid<Map<String, @Nullable Object>> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Map<String, @Nullable Object> reply = read.orThrow();
    if (reply.get("id") instanceof String id
        && id.length() <= ID_MAX
        && reply.get("code") instanceof Long code) {
      return Decoded.valid(
          new Reply(id, code, reply.get("message") instanceof String said ? cut(said) : ""));
    }
    return Decoded.invalid("not {id, code}", 0);
  }

  private static String cut(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100) + "…";
  }

  /** Reads a service call: {@code {id, version, params, method}}. */
  @SuppressWarnings("unchecked") // JsonText makes maps with text keys only
  public static Decoded<Call> call(byte[] message) {
    Decoded<Map<String, @Nullable Object>> read = JsonText.read(message);
    if (read instanceof Decoded.Invalid<Map<String, @Nullable Object>> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Map<String, @Nullable Object> call = read.orThrow();
    if (call.get("id") instanceof String id
        && id.matches("[0-9A-Za-z_-]{1," + ID_MAX + "}")
        && call.get("params") instanceof Map<?, ?> params) {
      return Decoded.valid(new Call(id, (Map<String, @Nullable Object>) params));
    }
    return Decoded.invalid("not {id, params}, or an id of other characters", 0);
  }

  /** The answer to a service call. */
  public static byte[] answer(String id, long code, Map<String, ?> data) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", id);
    answer.put("code", code);
    answer.put("data", data);
    return JsonText.write(answer);
  }
}
