package io.verge.simulator.demo;

import java.util.List;

/**
 * What the demo shows at one moment.
 *
 * @param elapsedSeconds of {@code totalSeconds}.
 * @param clock the simulated street's time of day, {@code HH:mm}.
 * @param lampLevels percent per lamp; -1: failed.
 * @param fills percent per container.
 * @param linkUp whether the link between gateway and back end passes anything.
 * @param session the uplink session's state in a word.
 * @param waiting readings that the back end has not acknowledged.
 * @param buffered the history of {@code waiting}, oldest first.
 * @param power the cabinet's power in watts, history.
 * @param water litres an hour through all meters, history.
 * @param notes the newest last.
 */
record DemoFrame(
    long elapsedSeconds,
    long totalSeconds,
    String clock,
    int[] lampLevels,
    int[] fills,
    boolean linkUp,
    String session,
    long acquired,
    long delivered,
    long waiting,
    double bytesPerReading,
    double[] buffered,
    double[] power,
    double[] water,
    List<String> notes) {}
