package io.verge;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.simulator.backend.LinkPlan;
import io.verge.simulator.backend.SpoiltBackEnd.Habits;
import io.verge.simulator.world.LinkWorld;
import io.verge.simulator.world.LinkWorld.Trouble;
import io.verge.simulator.world.World;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The shipped gateway and its store, two uplinks, one of them in trouble; books of both closed. */
class LinkWorldTest {
  /** A stand-in is shorter, a batch of five minutes longer. */
  private static final int STAND_IN_BYTES = 150;

  private Path folder = Path.of("unset");

  @BeforeEach
  void open() throws Exception {
    folder = World.folder();
  }

  @AfterEach
  void clear() throws Exception {
    World.clear(folder);
  }

  @Test
  void aPoisonBatchIsDeclaredToItsUplinkOnly() throws Exception {
    LinkWorld.Result result =
        LinkWorld.run(
            3,
            8,
            Trouble.refusing(
                (head, bytes) ->
                    head.lane() == Lane.TELEMETRY && head.bseq() == 7 && bytes > STAND_IN_BYTES),
            folder);
    assertThat(result.isReconciled()).as("%s", result).isTrue();
    assertThat(result.operator().refused()).isZero();
    assertThat(result.city().refused()).isPositive();
    assertThat(result.refused()).containsOnlyKeys(LinkWorld.CITY);
    assertThat(result.refused().get(LinkWorld.CITY).last()).containsExactly("telemetry 7");
    assertThat(gaps("city.db")).isEqualTo(result.city().refused());
    assertThat(gaps("operator.db")).isZero();
  }

  /** Readings declared lost, as the ledger has them. */
  private long gaps(String ledger) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve(ledger));
        var statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT ifnull(sum(readings), 0) FROM gap WHERE reason='refused'")) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  @Test
  void anHourOfRefusingEverythingLosesNothing() throws Exception {
    Trouble deaf = new Trouble(LinkPlan.GOOD, Habits.NONE, (head, bytes) -> false, 60, 0);
    LinkWorld.Result result = LinkWorld.run(4, 3, deaf, folder);
    assertThat(result.isReconciled()).as("%s", result).isTrue();
    assertThat(result.city().refused()).isZero();
    assertThat(result.struck()).isPositive();
  }

  @Test
  void acksThatLieMoveNothing() throws Exception {
    LinkWorld.Result result =
        LinkWorld.run(
            5,
            6,
            new Trouble(
                LinkPlan.BAD, new Habits(50, 100, 100, 100, 300), (head, bytes) -> false, 0, 90),
            folder);
    assertThat(result.isReconciled()).as("%s", result).isTrue();
    assertThat(result.ignored()).isPositive();
    assertThat(result.struck()).isGreaterThan(20);
  }
}
