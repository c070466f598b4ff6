package io.verge.uplink;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * By what an uplink goes, and what that may cost.
 *
 * @param budgetBytes a month, both directions at the socket; 0: no limit.
 * @param budgetDay day of the month on which the data plan's month begins, 1..28.
 * @param connectEveryMs 0: always connected; else it connects for events, and for the rest at most
 *     this often, and hangs up when nothing is left.
 * @param keepAliveMostMs the keep-alive is learned up to this; 0: it is as configured.
 * @param proxy {@code http://host:port} (CONNECT) or {@code socks5://host:port}, with {@code user@}
 *     where it wants one; null: none.
 * @param proxyPasswordFile its password, or null.
 * @param networkInterface name of the interface that connections leave by, or empty: the system's
 *     choice.
 * @param liveQos MQTT QoS, 0 or 1, of the first sending of a short batch of meters or telemetry.
 */
public record Line(
    long budgetBytes,
    int budgetDay,
    long connectEveryMs,
    long keepAliveMostMs,
    @Nullable URI proxy,
    @Nullable Path proxyPasswordFile,
    String networkInterface,
    int liveQos) {
  public static final Line PLAIN = new Line(0, 1, 0, 0, null, null, "", 0);

  boolean isWhenNeeded() {
    return connectEveryMs > 0;
  }
}
