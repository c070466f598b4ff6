package io.verge.local;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A command and what became of it.
 *
 * @param state {@code accepted}, {@code executing}, {@code done}, {@code failed}, {@code expired},
 *     {@code rejected} or {@code superseded}.
 * @param why why it ended so; empty where the state says it all.
 * @param result what it found or changed, by name; empty where there is nothing to tell.
 * @param at when it came, ISO 8601 UTC, or null while the clock was not trusted.
 * @param ageMs milliseconds since then, or null where that is not known.
 */
public record CommandView(
    String id,
    String target,
    String op,
    Map<String, String> args,
    String origin,
    String state,
    String why,
    Map<String, String> result,
    @Nullable String at,
    @Nullable Long ageMs) {
  public CommandView {
    args = java.util.Collections.unmodifiableMap(new TreeMap<>(args));
    result = java.util.Collections.unmodifiableMap(new TreeMap<>(result));
  }
}
