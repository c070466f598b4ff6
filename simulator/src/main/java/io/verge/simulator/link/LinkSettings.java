package io.verge.simulator.link;

import java.net.InetSocketAddress;

/**
 * What a link emulator stands between.
 *
 * @param port on loopback where the gateway connects, TCP and UDP; 0: any free one.
 * @param target the back end.
 * @param latencyMs one way.
 * @param bytesPerSecond each way, or 0 for no limit.
 */
public record LinkSettings(int port, InetSocketAddress target, int latencyMs, int bytesPerSecond) {
  public LinkSettings {
    if (latencyMs < 0 || latencyMs > 60_000 || bytesPerSecond < 0) {
      throw new IllegalArgumentException(latencyMs + " ms, " + bytesPerSecond + " bytes/s");
    }
  }
}
