package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.local.CommandView;
import io.verge.local.EventView;
import io.verge.local.ProblemView;
import io.verge.model.Command;
import io.verge.model.Lane;
import io.verge.uplink.UplinkTransport;
import io.verge.wire.CommandCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Commands through the whole gateway, from the listener of an uplink to {@code verge events}. */
class CommandPathTest extends GatewayFixture {
  @Test
  void aCommandIsExecutedOnceAndARepeatedIdDoesNothing() throws Exception {
    Run run = new Run("a");
    run.say(command("c1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.level).isEqualTo(40);
    assertThat(run.kinds()).contains("command.done");
    street.level = 7;
    run.say(command("c1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.level).isEqualTo(7);
    assertThat(run.gateway.counters().get("commands.repeated")).isEqualTo(1);
    assertThat(run.gateway.watch().commands(10))
        .extracting(CommandView::id, CommandView::state)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("c1", "done"));
    run.gateway.stop();
    assertThat(run.workers).isEmpty();
    run.gateway.stop();
    Run again = new Run("a");
    again.say(command("c1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.level).as("the id outlives the process").isEqualTo(7);
    again.gateway.stop();
  }

  @Test
  void eachBadCommandIsRefusedCountedAndSeen() throws Exception {
    Run run = new Run("b");
    run.say(new byte[] {0, 1, 2, 3});
    run.say(new byte[CommandCodec.BYTES_MAX + 1]);
    UplinkTransport.Listener listener = run.listener();
    listener.foreign("verge/v1/gw-8/command", 33);
    run.steps(5);
    List<EventView> refused =
        run.gateway.watch().events(100).stream()
            .filter(event -> event.kind().equals("command.refused"))
            .toList();
    assertThat(refused).hasSize(3);
    assertThat(refused.get(1).details().get("why")).contains("16385 bytes");
    assertThat(refused.get(2).details().get("why")).contains("gw-8/command");
    assertThat(run.gateway.counters().get("commands.invalid")).isEqualTo(3);
    run.say(command("x1", "lamp-1", "set-level", 40L, NOW_MS - 5_000));
    run.say(command("x2", "lamp-9", "set-level", 40L, 0));
    run.say(command("x3", "lamp-1", "dance", 40L, 0));
    assertThat(street.level).isZero();
    assertThat(run.gateway.counters().get("commands.expired")).isEqualTo(1);
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(2);
    assertThat(run.kinds()).contains("command.expired", "command.rejected");
    run.gateway.stop();
  }

  @Test
  void readPollsOutOfTurnAndTellsTheValues() throws Exception {
    Run run = new Run("read");
    street.level = 35;
    run.say(command("q1", "lamp-1", "read", 0L, 0));
    assertThat(run.last("command.done").get("result")).contains("level=35");
    run.say(command("q2", "lamp-9", "read", 0L, 0));
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(1);
    run.gateway.stop();
  }

  @Test
  void aFloodOfBadMessagesIsCountedAndToldInPart() throws Exception {
    Run run = new Run("c");
    for (int i = 0; i < 500; i++) {
      run.listener().command(new byte[] {9});
    }
    run.steps(10);
    assertThat(run.gateway.counters().get("commands.invalid")).isEqualTo(500);
    assertThat(run.kinds().stream().filter("command.refused"::equals)).hasSizeLessThan(42);
    assertThat(run.gateway.counters().get("commands.invalid_untold")).isGreaterThan(450);
    run.gateway.stop();
  }

  @Test
  void withoutATrustedClockACommandIsNotTakenForExpired() throws Exception {
    time.trusted = false;
    Run run = new Run("d");
    run.say(command("u1", "lamp-1", "set-level", 40L, 1_000));
    assertThat(street.level).isEqualTo(40);
    run.gateway.stop();
  }

  @Test
  void whatWasDoneBeforeAPowerCutIsReadBackAndReportedDone() throws Exception {
    Run after = cut("e", true);
    assertThat(after.kinds()).contains("command.done").doesNotContain("command.failed");
    assertThat(after.last("command.done").get("why")).contains("read back");
    assertThat(street.executed).isEqualTo(1);
    after.gateway.stop();
  }

  @Test
  void whatWasNotDoneBeforeAPowerCutIsReportedFailedAndNotDoneNow() throws Exception {
    Run after = cut("f", false);
    assertThat(after.kinds()).contains("command.failed").doesNotContain("command.done");
    assertThat(after.last("command.failed").get("why")).contains("has not happened");
    assertThat(street.executed).isEqualTo(1);
    after.gateway.stop();
  }

  @Test
  void whatABackEndLostIsSentAgainByteForByte() throws Exception {
    Run run = new Run("r");
    run.listener().up();
    run.steps(2);
    for (Lane lane : Lane.values()) {
      run.ack(lane, 0);
    }
    run.listener().refused("a first event");
    run.steps(10);
    run.listener().refused("a second event");
    run.steps(10);
    List<byte[]> first = run.link.batches();
    assertThat(first).hasSizeGreaterThanOrEqualTo(2);
    run.ack(Lane.EVENT, 2);

    run.say(resend("r1", Map.of("lane", 0L, "first", 1L, "last", 2L)));
    run.steps(20);
    List<byte[]> again = run.link.batches().subList(first.size(), first.size() + 2);
    assertThat(again).containsExactly(first.get(0), first.get(1));
    Map<String, String> done = run.last("command.done");
    assertThat(done.get("result")).contains("batches=2");
    assertThat(run.gateway.uplinks().get(0).view().acked()[Lane.EVENT.number()])
        .as("cursors stay")
        .isEqualTo(2);

    run.say(resend("r2", Map.of("lane", 0L, "first", 900L, "last", 901L)));
    run.steps(10);
    assertThat(run.last("command.failed").get("why")).contains("on disk");
    run.say(resend("r3", Map.of("lane", 3L, "first", 1L, "last", 2L)));
    run.say(resend("r4", Map.of("lane", 1L, "first", 2L, "last", 1L)));
    run.say(resend("r5", Map.of("lane", 1L, "first", 1L, "last", 1L, "uplink", "elsewhere")));
    run.say(command("r6", "gateway", "dance", 1, 0));
    assertThat(run.gateway.counters().get("commands.rejected")).isEqualTo(4);
    run.gateway.stop();
  }

  @Test
  void aDamagedStoreIsNamedUntilSomebodyTakesItAway() throws Exception {
    Path data = Files.createDirectory(folder.resolve("s"));
    Files.writeString(data.resolve("verge.db"), "this was never a store ".repeat(100_000));
    Run run = new Run("s");
    run.steps(20);
    assertThat(run.kinds()).contains("store.quarantined", "store.salvaged");
    Troubles troubles = new Troubles(run.gateway);
    assertThat(troubles.of(List.of(), List.of(), run.gateway.stamper().now()))
        .extracting(ProblemView::what)
        .contains("a damaged store was put aside: verge.db.damaged-1, 2 MiB");
    Files.delete(data.resolve("verge.db.damaged-1"));
    assertThat(troubles.of(List.of(), List.of(), run.gateway.stamper().now()))
        .extracting(ProblemView::what)
        .noneMatch(what -> what.contains("damaged"));
    run.gateway.stop();
  }

  private static byte[] resend(String id, Map<String, Object> args) {
    return CommandCodec.encode(new Command(id, "gateway", "resend", args, 0, 0, "test"));
  }

  /** Power goes after the lamp was told, before the outcome was committed. */
  private Run cut(String name, boolean obeys) throws Exception {
    street.obeys = obeys;
    Run before = new Run(name);
    Path image = Files.createDirectory(folder.resolve(name + "-image"));
    street.onExecute =
        () -> {
          for (String file : List.of("verge.db", "verge.db-wal", "verge.db-commits")) {
            Files.copy(folder.resolve(name).resolve(file), image.resolve(file));
          }
        };
    before.say(command("p1", "lamp-1", "set-level", 40L, 0));
    assertThat(street.executed).isEqualTo(1);
    before.gateway.stop();
    Run after = new Run(name + "-image");
    after.steps(10);
    return after;
  }
}
