package io.verge.simulator.faults;

import io.verge.model.Lane;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.SpoiltBackEnd.Habits;
import io.verge.simulator.world.LinkWorld;
import io.verge.simulator.world.LinkWorld.Trouble;
import java.nio.file.Path;
import java.util.List;

/** Hours of street under simulated time, message by message; a seed gives the same run again. */
record WorldScene(String name, int hours, Trouble trouble) implements LinkScene {
  private static final long MS = 1_000_000;
  private static final int STAND_IN_BYTES = 150;
  private static final int POISON = 7;

  static List<LinkScene> all() {
    return List.of(
        new WorldScene("messages lost, 5 %", 4, Trouble.of(loss(50))),
        new WorldScene("messages lost, 15 %", 4, Trouble.of(loss(150))),
        new WorldScene("messages lost, 30 %", 4, Trouble.of(loss(300))),
        new WorldScene(
            "2 s one way, 2 s jitter",
            4,
            Trouble.of(new LinkPlan(2000 * MS, 2000 * MS, 0, 0, 0, 0))),
        new WorldScene(
            "connection breaks, 10 %", 4, Trouble.of(new LinkPlan(60 * MS, 40 * MS, 0, 0, 100, 0))),
        new WorldScene(
            "broker acks and forgets, 20 %",
            4, Trouble.of(new LinkPlan(60 * MS, 40 * MS, 0, 0, 0, 200))),
        new WorldScene(
            "back end dies before the ack, 20 %", 4, Trouble.of(new Habits(200, 0, 0, 0, 0))),
        lies(),
        new WorldScene(
            "silence for 90 minutes",
            5,
            new Trouble(LinkPlan.BAD, Habits.NONE, (head, bytes) -> false, 0, 90)),
        new WorldScene(
            "back end refuses all for an hour",
            4,
            new Trouble(LinkPlan.GOOD, Habits.NONE, (head, bytes) -> false, 60, 0)),
        poison());
  }

  static WorldScene lies() {
    return new WorldScene(
        "acks twice, late, foreign, never sent",
        6,
        new Trouble(
            LinkPlan.BAD, new Habits(50, 100, 100, 100, 300), (head, bytes) -> false, 0, 90));
  }

  static WorldScene poison() {
    return new WorldScene(
        "poison batch",
        8,
        Trouble.refusing(
            (head, bytes) ->
                head.lane() == Lane.TELEMETRY && head.bseq() == POISON && bytes > STAND_IN_BYTES));
  }

  private static LinkPlan loss(int perMille) {
    return new LinkPlan(60 * MS, 40 * MS, perMille, perMille, 0, 0);
  }

  @Override
  public LinkBooks run(long seed, Path folder) throws Exception {
    LinkWorld.Result result = LinkWorld.run(seed, hours, trouble, folder);
    LinkWorld.Side city = result.city();
    boolean isPoisoned = name.equals("poison batch");
    return LinkBooks.of(
            result.acquired(),
            city.refused(),
            city.report(),
            result.resent(),
            hours
                + " h simulated, drained in "
                + result.drainMinutes()
                + " min"
                + (result.struck() > 0 ? ", back end at fault " + result.struck() + " times" : "")
                + (result.ignored() > 0 ? ", acks not believed " + result.ignored() : ""))
        .must(
            result.operator().isReconciled(result.acquired()) && result.operator().refused() == 0,
            "the other uplink's books: " + result.operator())
        .must(isPoisoned == city.refused() > 0, city.refused() + " readings refused for good")
        .must(
            !isPoisoned
                || result.refused().entrySet().stream()
                    .allMatch(
                        entry ->
                            entry.getKey().equals(LinkWorld.CITY)
                                && entry.getValue().last().equals(List.of("telemetry " + POISON))),
            "refused: " + result.refused());
  }
}
