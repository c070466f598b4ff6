package io.verge.local;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole gateway on one page.
 *
 * @param gateway its id on the uplink.
 * @param name what people call the site.
 * @param upSince ISO 8601 UTC, or null while the clock is not trusted.
 * @param upMs milliseconds since it was started.
 * @param ready every bus was tried and the store is open.
 * @param problems what is wrong, the worst first; empty when all is well.
 */
public record StatusView(
    String gateway,
    String name,
    String version,
    @Nullable String upSince,
    long upMs,
    boolean ready,
    ClockView clock,
    List<BusView> buses,
    BufferView buffer,
    List<UplinkView> uplinks,
    List<ProblemView> problems) {
  public StatusView {
    buses = List.copyOf(buses);
    uplinks = List.copyOf(uplinks);
    problems = List.copyOf(problems);
  }
}
