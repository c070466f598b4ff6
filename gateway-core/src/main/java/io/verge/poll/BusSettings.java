package io.verge.poll;

/**
 * How a byte bus behaves.
 *
 * @param timeoutMs from the end of a request to the first byte of its answer.
 * @param retries further tries after silence or a garbled answer.
 * @param turnaroundMs silence after a broadcast.
 * @param echoes whether the adapter hears what it sends.
 */
public record BusSettings(
    String name, int timeoutMs, int retries, int turnaroundMs, boolean echoes) {}
