package io.verge.uplink;

import io.verge.bytes.Sha256;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Stamp;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands of back ends that have other words for them. */
final class Commands {
  private static final int HASH_BYTES = 10;
  private static final int ARGS_MAX = 32;
  private static final int TEXT_MAX = 256;

  /** What became of a command of one uplink, from its audit event. */
  record Ended(String id, String target, String op, Map<String, Object> told, boolean done) {}

  private Commands() {}

  /** An absolute setting of a point. */
  static Command set(String id, String asset, String point, Object value, long issuedMs) {
    Object wanted = value;
    if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1L << 53) {
      wanted = real.longValue();
    } else if (value instanceof Double real) {
      wanted = real.toString();
    }
    return new Command(
        id, asset, "set-" + point, Map.of(point, wanted), Math.max(0, issuedMs), 0, "");
  }

  /**
   * An id that is the same when the same message comes again.
   *
   * @param now to be part of it where nothing in the message tells two messages apart; else null.
   */
  static String id(String prefix, String topic, byte[] message, @Nullable Stamp now, int nth) {
    MessageDigest hash = Sha256.start();
    hash.update(topic.getBytes(StandardCharsets.UTF_8));
    hash.update((byte) 0);
    hash.update(message);
    if (now != null) {
      hash.update((now.boot() + "/" + now.monoMs()).getBytes(StandardCharsets.UTF_8));
    }
    String hex = HexFormat.of().formatHex(hash.digest(), 0, HASH_BYTES);
    return prefix + "-" + hex + "-" + nth;
  }

  /**
   * Arguments as the command desk takes them.
   *
   * @return null if one is of another type or too long.
   */
  static @Nullable Map<String, Object> args(Map<?, ?> given) {
    Map<String, Object> args = new HashMap<>();
    for (Map.Entry<?, ?> entry : given.entrySet()) {
      Object value = entry.getValue();
      if (value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1L << 53) {
        value = real.longValue();
      }
      boolean fits =
          value instanceof Long
              || value instanceof Boolean
              || value instanceof String text && text.length() <= TEXT_MAX;
      if (!fits || args.size() == ARGS_MAX) {
        return null;
      }
      args.put(String.valueOf(entry.getKey()), value);
    }
    return args;
  }

  /**
   * @param uplink only commands that came by it.
   * @return null if the event is nothing of the kind.
   */
  static @Nullable Ended ended(Event event, String uplink, String prefix) {
    Map<String, Object> details = event.details();
    if (!event.kind().startsWith("command.")
        || !("uplink:" + uplink).equals(details.get("origin"))
        || !(details.get("id") instanceof String id)
        || !id.startsWith(prefix + "-")) {
      return null;
    }
    Map<String, Object> told = new LinkedHashMap<>();
    String state = event.kind().substring("command.".length());
    told.put("state", state);
    for (String key : new String[] {"why", "result"}) {
      if (details.containsKey(key)) {
        told.put(key, details.get(key));
      }
    }
    return new Ended(
        id,
        String.valueOf(details.get("target")),
        String.valueOf(details.get("op")),
        told,
        state.equals("done"));
  }
}
