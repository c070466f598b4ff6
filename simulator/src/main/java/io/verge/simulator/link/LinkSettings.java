package io.verge.simulator.link;

import java.net.InetSocketAddress;

/**
 * What a link emulator stands between, and how bad it is, the same both ways.
 *
 * @param port on loopback where the gateway connects, TCP and UDP; 0: any free one.
 * @param target the back end.
 * @param latencyMs one way.
 * @param jitterMs added at random, one way; nothing overtakes.
 * @param lossPerMille of packets: a datagram is gone, a TCP segment is late by its retransmissions.
 * @param bytesPerSecond of all connections together, IP headers included; 0: no limit.
 * @param seed of every random choice.
 */
public record LinkSettings(
    int port,
    InetSocketAddress target,
    int latencyMs,
    int jitterMs,
    int lossPerMille,
    int bytesPerSecond,
    long seed) {
  public LinkSettings {
    if (latencyMs < 0
        || latencyMs > 60_000
        || jitterMs < 0
        || jitterMs > 60_000
        || lossPerMille < 0
        || lossPerMille > 900
        || bytesPerSecond < 0) {
      throw new IllegalArgumentException(
          latencyMs
              + " ms, jitter "
              + jitterMs
              + " ms, loss "
              + lossPerMille
              + " per mille, "
              + bytesPerSecond
              + " bytes/s");
    }
  }

  /** Nothing lost, no jitter. */
  public LinkSettings(int port, InetSocketAddress target, int latencyMs, int bytesPerSecond) {
    this(port, target, latencyMs, 0, 0, bytesPerSecond, 1);
  }

  /** Whether a stream is to be cut into packets. */
  boolean isByPacket() {
    return bytesPerSecond > 0 || lossPerMille > 0;
  }
}
