package io.verge.local;

import org.jspecify.annotations.Nullable;

/**
 * One version of the configuration.
 *
 * @param number from 1 on, never used twice.
 * @param state {@code active}, {@code trial}, {@code former}, or {@code returned} for one that did
 *     not prove healthy.
 * @param who who brought it; {@code file} where the file was edited.
 * @param at when, ISO 8601 UTC, or null where the clock was not trusted.
 * @param sha256 of its text, hex.
 * @param request id of the command it came by; may be empty.
 * @param note what is to be said about it; may be empty.
 */
public record VersionView(
    long number,
    String state,
    String who,
    @Nullable String at,
    String sha256,
    String request,
    String note) {}
