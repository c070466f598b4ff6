package io.verge.model;

import java.util.Map;

/**
 * A request from the back end or the command line. Absolute settings only.
 *
 * @param id unique for 7 days; at most 64 characters. A repeated id does nothing.
 * @param target an asset's id, or {@code gateway}.
 * @param op for example {@code set-level}, {@code release}, {@code read}.
 * @param args values are String, Long, Boolean.
 * @param issuedMs milliseconds since 1970 UTC, or 0 where the sender does not say.
 * @param expiresMs not to be executed after this moment; 0: no limit.
 * @param origin who asks: {@code uplink:NAME}, {@code cli:USER}, {@code plan}.
 */
public record Command(
    String id,
    String target,
    String op,
    Map<String, Object> args,
    long issuedMs,
    long expiresMs,
    String origin) {
  public static final int ID_MAX = 64;

  /** The target of what concerns no asset. */
  public static final String GATEWAY = "gateway";

  public Command {
    args = Map.copyOf(args);
    if (id.isEmpty() || id.length() > ID_MAX) {
      throw new IllegalArgumentException("command id of " + id.length() + " characters");
    }
  }
}
