package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong now.
 *
 * @param what one sentence without a full stop: {@code lamp-17 does not answer}.
 * @param where the bus, uplink, file or lane it concerns.
 * @param since ISO 8601 UTC, or null where the clock was not trusted then.
 * @param forMs for how many milliseconds, or null where that is not known.
 * @param next what to do about it.
 */
public record ProblemView(
    String what, String where, @Nullable String since, @Nullable Long forMs, String next) {}
