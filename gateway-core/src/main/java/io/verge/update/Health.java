package io.verge.update;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a running gateway is, as far as an update is judged by it. Read from the answer to {@code
 * status} part by part, since the version that answers is not the one that asks.
 *
 * @param ready its store is open and every bus was tried.
 * @param buses by name: whether it is up.
 * @param uplinks by name: whether it is up and something was acked in this run.
 */
public record Health(
    String version, boolean ready, Map<String, Boolean> buses, Map<String, Boolean> uplinks) {
  public Health {
    buses = Map.copyOf(buses);
    uplinks = Map.copyOf(uplinks);
  }

  /** From the object that {@code verge status --json} prints. */
  public static Health of(JsonObject status) {
    Map<String, Boolean> buses = new TreeMap<>();
    Map<String, Boolean> uplinks = new TreeMap<>();
    for (JsonObject bus : objects(status.get("buses"))) {
      buses.put(text(bus, "name"), text(bus, "state").equals("up"));
    }
    for (JsonObject uplink : objects(status.get("uplinks"))) {
      boolean acked = !text(uplink, "lastAckMs").isEmpty();
      uplinks.put(text(uplink, "name"), acked && text(uplink, "state").equals("up"));
    }
    return new Health(
        text(status, "version"), text(status, "ready").equals("true"), buses, uplinks);
  }

  private static List<JsonObject> objects(@Nullable JsonElement array) {
    List<JsonObject> objects = new ArrayList<>();
    if (array instanceof JsonArray elements) {
      for (JsonElement element : elements) {
        if (element instanceof JsonObject object) {
          objects.add(object);
        }
      }
    }
    return objects;
  }

  private static String text(JsonObject object, String key) {
    return object.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  /**
   * What {@code now} lacks to be taken for healthy; empty: it is.
   *
   * @param before how the version before it was; null: it did not run. What was down then need not
   *     be up now.
   * @param now null: nobody answers.
   * @param expected the version that must answer; null: whichever does.
   */
  static List<String> lacking(
      @Nullable Health before, @Nullable Health now, @Nullable Version expected) {
    if (now == null) {
      return List.of("nobody answers on the control socket");
    }
    List<String> lacking = new ArrayList<>();
    if (expected != null && !now.version.equals(expected.text())) {
      lacking.add("version " + now.version + " answers");
    }
    if (!now.ready) {
      lacking.add("it does not call itself ready");
    }
    if (before != null) {
      lost(before.buses, now.buses).forEach(name -> lacking.add("bus " + name + " is not up"));
      lost(before.uplinks, now.uplinks)
          .forEach(name -> lacking.add("uplink " + name + " has no ack since the start"));
    }
    return lacking;
  }

  private static List<String> lost(Map<String, Boolean> before, Map<String, Boolean> now) {
    return before.entrySet().stream()
        .filter(was -> was.getValue() && !now.getOrDefault(was.getKey(), false))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
