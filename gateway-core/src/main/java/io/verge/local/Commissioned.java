package io.verge.local;

/**
 * An acceptance test that has ended.
 *
 * @param who who did it.
 * @param passed assets that showed everything they were asked for.
 * @param failed assets that did not.
 * @param left assets that were not tried.
 * @param sha256 of the report, hex.
 */
public record Commissioned(String who, long passed, long failed, long left, String sha256) {}
