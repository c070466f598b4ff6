package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that passed a bus.
 *
 * @param at UTC; null while the clock is not trusted.
 * @param monoMs milliseconds since boot.
 * @param sent true: to the devices; false: from them.
 * @param hex without blanks.
 * @param protocol the family of the bus's devices; empty where there are several.
 */
public record FrameView(
    String bus, @Nullable String at, long monoMs, boolean sent, String hex, String protocol) {}
