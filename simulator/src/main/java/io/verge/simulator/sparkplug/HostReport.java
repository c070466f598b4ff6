package io.verge.simulator.sparkplug;

/**
 * What a host has heard.
 *
 * @param births NBIRTH messages.
 * @param devices born.
 * @param deaths NDEATH messages.
 * @param messages of data.
 * @param readings different metrics at different times, in data of devices.
 * @param repeated readings that came again.
 * @param historical readings, of all.
 * @param empty readings without a value, of all.
 * @param breaks sequence numbers that did not follow.
 * @param strange metrics that were never born, and messages that could not be read.
 * @param rebirths asked for.
 */
public record HostReport(
    long births,
    long devices,
    long deaths,
    long messages,
    long readings,
    long repeated,
    long historical,
    long empty,
    long breaks,
    long strange,
    long rebirths) {}
