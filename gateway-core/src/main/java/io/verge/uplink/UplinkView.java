package io.verge.uplink;

/**
 * What an uplink was last seen doing.
 *
 * @param state resting, waiting, connecting, greeting, sending, refused or stopped.
 * @param why the last connection ended, or empty.
 * @param nextMs monotonic milliseconds of the next attempt, while waiting.
 * @param lastAckMs monotonic milliseconds of the last ack; 0: none yet.
 * @param sentBytes at the socket, all connections of this run.
 * @param acked per lane number.
 * @param usage of this month, all runs.
 * @param thrift what is given up for the month's budget.
 * @param keepAliveMs silence after which the link is probed, now.
 */
public record UplinkView(
    String name,
    String url,
    String state,
    String why,
    long sinceMs,
    long nextMs,
    long lastAckMs,
    long sentBytes,
    long receivedBytes,
    int underWay,
    long[] acked,
    Usage usage,
    Thrift thrift,
    long keepAliveMs) {}
