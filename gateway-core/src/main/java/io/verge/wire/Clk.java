package io.verge.wire;

/**
 * How a batch's times were made.
 *
 * @param sinceBoot true: times count from the start of boot {@code boot}; false: UTC.
 * @param uncMs how far UTC times may be off.
 * @param boot the boot of the newest sample.
 */
public record Clk(boolean sinceBoot, int uncMs, long boot) {}
