package io.verge.simulator.faults;

import io.verge.store.ShedPolicy;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What one process of the campaign does, until it is ended.
 *
 * @param life its number, from 1 on.
 * @param isUp whether the city can be reached: if not, the store fills up and sheds.
 * @param telemetry how telemetry gives way.
 * @param chunk most samples a commit; 0: it only delivers what is there, and closes.
 * @param maxBytes limit of the store.
 * @param minFree bytes of the file system to be left free.
 * @param sabotage the store's own fsyncs are switched off: the campaign must notice.
 */
record LifePlan(
    int life,
    long seed,
    boolean isUp,
    ShedPolicy.Mode telemetry,
    int chunk,
    long maxBytes,
    long minFree,
    boolean sabotage) {
  private static final long MIB = 1 << 20;
  private static final int CHUNK_UP = 60;
  private static final int CHUNK_DOWN = 800;

  /** Lives that share a state of the link, so that backlogs grow and are drained. */
  private static final int RUN = 4;

  /** A life as the seed has it. */
  static LifePlan of(int life, RandomGenerator random, boolean sabotage) {
    boolean up = life / RUN % 2 == 1;
    ShedPolicy.Mode[] modes = ShedPolicy.Mode.values();
    return new LifePlan(
        life,
        random.nextLong() >>> 1,
        up,
        modes[random.nextInt(modes.length)],
        10 + random.nextInt(up ? CHUNK_UP : CHUNK_DOWN),
        (4 + random.nextInt(3)) * MIB,
        MIB,
        sabotage);
  }

  /** A life that acquires nothing, delivers everything and closes. */
  LifePlan delivering() {
    return new LifePlan(life, seed, true, telemetry, 0, maxBytes, minFree, sabotage);
  }

  List<String> arguments() {
    return List.of(
        String.valueOf(life),
        String.valueOf(seed),
        String.valueOf(isUp),
        telemetry.name(),
        String.valueOf(chunk),
        String.valueOf(maxBytes),
        String.valueOf(minFree),
        String.valueOf(sabotage));
  }

  static LifePlan parse(List<String> arguments) {
    return new LifePlan(
        Integer.parseInt(arguments.get(0)),
        Long.parseLong(arguments.get(1)),
        Boolean.parseBoolean(arguments.get(2)),
        ShedPolicy.Mode.valueOf(arguments.get(3)),
        Integer.parseInt(arguments.get(4)),
        Long.parseLong(arguments.get(5)),
        Long.parseLong(arguments.get(6)),
        Boolean.parseBoolean(arguments.get(7)));
  }
}
