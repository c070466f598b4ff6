package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * @param uncertaintyMs milliseconds; 0 while not trusted.
 * @param utc ISO 8601, or null while not trusted.
 */
public record ClockView(boolean trusted, long uncertaintyMs, @Nullable String utc) {}
