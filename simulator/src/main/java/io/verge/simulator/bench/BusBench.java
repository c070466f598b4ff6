package io.verge.simulator.bench;

import com.google.gson.JsonObject;
import io.verge.local.BusView;
import io.verge.local.LocalClient;
import io.verge.local.StatusView;
import io.verge.simulator.pty.PacedLine;
import io.verge.simulator.world.SteppedBus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much of a serial line the polls use, and what dead devices cost the others: the shipped
 * gateway, a process of its own, at pseudo-terminals paced to the speed of a real line.
 */
final class BusBench {
  static final int DEVICES = 32;
  private static final int BUSES = 10;
  private static final int SIMULATED_SECONDS = 3600;
  private static final long LOOK_MS = 20;
  private static final long START_SECONDS = 60;

  /** Faster than the line can: it is never idle. */
  private static final String EVERY = "100ms";

  /** Rounds of all devices before anything counts. */
  private static final int WARM_ROUNDS = 3;

  /** Questions a device that never answers is asked until it is left alone: polls times tries. */
  private static final int LAST_CHANCES = 6;

  private final Figures figures;
  private final int seconds;
  private final int runs;
  private final Map<String, List<String>> peers;

  /**
   * @param seconds measured, a run.
   * @param peers other masters: a command each, to which port, baud rate and number of devices are
   *     added.
   */
  BusBench(Figures figures, int seconds, int runs, Map<String, List<String>> peers) {
    this.figures = figures;
    this.seconds = seconds;
    this.runs = runs;
    this.peers = new LinkedHashMap<>(peers);
  }

  /** What can be measured alone. */
  enum Part {
    EFFICIENCY,
    ONE_DEAD,
    ALL_DEAD,
    TEN_BUSES,
    DECODE,
    SIMULATED
  }

  void run(Set<Part> parts) throws Exception {
    for (Part part : parts) {
      switch (part) {
        case EFFICIENCY -> efficiency();
        case ONE_DEAD -> oneDead();
        case ALL_DEAD -> allDeadButOne();
        case TEN_BUSES -> many();
        case DECODE -> new DecodeBench(figures).run();
        case SIMULATED -> simulated();
      }
    }
  }

  /** Masters take turns, so that what else the machine does strikes all of them. */
  private void efficiency() throws Exception {
    double limit = 1 / LineRig.pollSeconds();
    figures.say(
        "one line of %d lamp controllers at %d baud; %d runs of %d s a master"
            .formatted(DEVICES, LineRig.BAUD, runs, seconds));
    figures.put("polls", limit, "polls/s", "limit", DEVICES, 1);
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    for (int run = 0; run < runs; run++) {
      add(rates, Figures.VERGE, alone(DEVICES, DEVICES, seconds));
      for (Map.Entry<String, List<String>> peer : peers.entrySet()) {
        add(rates, peer.getKey(), peer(peer.getValue(), DEVICES, DEVICES, seconds));
      }
    }
    rates.forEach((who, found) -> tell(who, found, limit));
  }

  private static void add(Map<String, List<Double>> rates, String who, double rate) {
    rates.computeIfAbsent(who, name -> new ArrayList<>()).add(rate);
  }

  private void tell(String who, List<Double> rates, double limit) {
    double rate = Figures.median(rates.stream().mapToDouble(Double::doubleValue).toArray());
    figures.put("polls", rate, "polls/s", who, DEVICES, rates.size());
    figures.put("modbus_efficiency", rate / limit, "share", who, DEVICES, rates.size());
  }

  /** Polls a second of a line where some devices are dead. */
  private double alone(int living, int configured, int measured) throws Exception {
    try (Folder folder = new Folder();
        LineRig rig = new LineRig(folder.path(), 1, living);
        Child gateway = Child.gateway(folder.path(), rig.toml(configured, EVERY))) {
      int dead = configured - living;
      await(rig, gateway, (long) WARM_ROUNDS * living, (long) dead * LAST_CHANCES);
      PacedLine.Seen seen = measure(rig, gateway, measured);
      long claimed = goodPolls(rig.socket());
      long answers = rig.seen().answers();
      if (Math.abs(claimed - answers) > WARM_ROUNDS + answers / 1000) {
        throw new IllegalStateException(
            "the gateway counts " + claimed + " good polls, the line " + answers + " answers");
      }
      return seen.answers() / (double) measured;
    }
  }

  private double peer(List<String> command, int living, int asked, int measured) throws Exception {
    try (Folder folder = new Folder();
        LineRig rig = new LineRig(folder.path(), 1, living)) {
      List<String> whole = new ArrayList<>(command);
      whole.addAll(
          List.of(rig.port(0).toString(), String.valueOf(LineRig.BAUD), String.valueOf(asked)));
      try (Child master = Child.start(whole, folder.path().resolve("peer.log"))) {
        await(rig, master, living, 0);
        return measure(rig, master, measured).answers() / (double) measured;
      }
    }
  }

  private void oneDead() throws Exception {
    int measured = 3 * seconds;
    String figure = "one_dead_of_32";
    figures.say("one dead device among %d; %d s each".formatted(DEVICES, measured));
    double without = alone(DEVICES - 1, DEVICES - 1, measured);
    double with = alone(DEVICES - 1, DEVICES, measured);
    figures.put(figure, with / without, "share", Figures.VERGE, measured, 1);
    for (Map.Entry<String, List<String>> peer : peers.entrySet()) {
      without = peer(peer.getValue(), DEVICES - 1, DEVICES - 1, measured);
      with = peer(peer.getValue(), DEVICES - 1, DEVICES, measured);
      figures.put(figure, with / without, "share", peer.getKey(), measured, 1);
    }
  }

  private void allDeadButOne() throws Exception {
    int measured = 6 * seconds;
    figures.say("%d dead devices of %d; %d s each".formatted(DEVICES - 1, DEVICES, measured));
    double without = alone(1, 1, measured);
    double with = alone(1, DEVICES, measured);
    figures.put("31_dead_of_32", with / without, "share", Figures.VERGE, measured, 1);
  }

  private void many() throws Exception {
    int measured = 3 * seconds;
    figures.say("%d such lines; %d s".formatted(BUSES, measured));
    try (Folder folder = new Folder();
        LineRig rig = new LineRig(folder.path(), BUSES, DEVICES);
        Child gateway = Child.gateway(folder.path(), rig.toml(DEVICES, EVERY))) {
      await(rig, gateway, 5L * WARM_ROUNDS * DEVICES * BUSES, 0);
      double before = gateway.cpuSeconds();
      PacedLine.Seen seen = measure(rig, gateway, measured);
      double cpu = gateway.cpuSeconds() - before;
      double rate = seen.answers() / (double) measured;
      figures.put("10_buses_cpu", 100 * cpu / measured, "%", Figures.VERGE, measured, 1);
      figures.put("10_buses_polls", rate, "polls/s", Figures.VERGE, measured, 1);
      double limit = BUSES / LineRig.pollSeconds();
      figures.put("10_buses_efficiency", rate / limit, "share", Figures.VERGE, measured, 1);
    }
  }

  /** Until so much was answered, and so much asked in vain. */
  private static void await(LineRig rig, Child master, long answers, long unanswered)
      throws Exception {
    long began = System.nanoTime();
    long waiting = START_SECONDS * 1_000_000_000L * (unanswered > 0 ? 5 : 1);
    while (rig.seen().answers() < answers || rig.seen().unanswered() < unanswered) {
      master.mustRun();
      if (System.nanoTime() - began > waiting) {
        throw new IOException("the master does not get there: " + rig.seen());
      }
      Thread.sleep(LOOK_MS);
    }
  }

  private PacedLine.Seen measure(LineRig rig, Child master, int measured) throws Exception {
    PacedLine.Seen before = rig.seen();
    Thread.sleep(measured * 1000L);
    PacedLine.Seen seen = rig.seen().minus(before);
    master.mustRun();
    if (seen.early() > 0) {
      figures.say("  " + seen.early() + " frames came before the silence was over");
    }
    figures.say(
        "  %d answers, last characters late by %d us"
            .formatted(seen.answers(), seen.lateNanos() / 1000 / Math.max(1, seen.answers())));
    return seen;
  }

  private static long goodPolls(Path socket) throws Exception {
    try (LocalClient client = LocalClient.open(socket)) {
      StatusView status =
          client.view(
              client.ask("status", new JsonObject(), LocalClient.ANSWER_MS), StatusView.class);
      return status.buses().stream().mapToLong(BusBench::good).sum();
    }
  }

  private static long good(BusView bus) {
    return bus.polls() - bus.failedPolls();
  }

  /** The same without processor, kernel and terminals: simulated time repeats exactly. */
  private void simulated() throws Exception {
    figures.say("an hour of that line, simulated");
    double all = SteppedBus.answersASecond(DEVICES, 0, SIMULATED_SECONDS);
    simulated("modbus_efficiency", all * SteppedBus.pollSeconds());
    double others = SteppedBus.answersASecond(DEVICES - 1, 0, SIMULATED_SECONDS);
    double one = SteppedBus.answersASecond(DEVICES - 1, 1, SIMULATED_SECONDS);
    simulated("one_dead_of_32", one / others);
    double alone = SteppedBus.answersASecond(1, 0, SIMULATED_SECONDS);
    double last = SteppedBus.answersASecond(1, DEVICES - 1, SIMULATED_SECONDS);
    simulated("31_dead_of_32", last / alone);
  }

  private void simulated(String figure, double value) {
    figures.put(figure, value, "share", "simulated", SIMULATED_SECONDS, 1);
  }

  /** A folder for one run. */
  private static final class Folder implements AutoCloseable {
    private final Path path;

    Folder() throws IOException {
      path = Files.createTempDirectory("verge-bench-bus");
    }

    Path path() {
      return path;
    }

    @Override
    public void close() throws IOException {
      StoreBench.clear(path);
    }
  }
}
