package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.uplink.Session.Phase;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What goes out over a connection, in which order, and what goes again. */
class SessionSendingTest extends SessionFixture {
  @Test
  void keepsTheWindowAndASlotForEveryLane() {
    start(new long[] {0, 0, 50});
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);

    session.sealed(now);
    did.serve(session, now, MANY);
    assertThat(did.batches(Lane.EVENT)).containsExactly(1L);
    assertThat(did.batches(Lane.METER)).containsExactly(1L);
    assertThat(session.underWay()).isEqualTo(Flow.WINDOW);
  }

  @Test
  void meterAndTelemetryTakeTurns() {
    start(new long[] {0, 50, 50});
    assertThat(did.batches(Lane.METER)).hasSizeBetween(3, 4);
    assertThat(did.batches(Lane.TELEMETRY)).hasSizeBetween(3, 4);
    for (int bseq = 1; bseq <= 20; bseq++) {
      session.ack(ack(Lane.METER, bseq), now);
      did.serve(session, now, MANY);
      session.ack(ack(Lane.TELEMETRY, bseq), now);
      did.serve(session, now, MANY);
      assertThat(session.underWay()).isLessThanOrEqualTo(Flow.WINDOW);
    }
    assertThat(did.batches(Lane.METER)).startsWith(1L, 2L, 3L).isSorted().doesNotHaveDuplicates();
    assertThat(did.batches(Lane.TELEMETRY)).isSorted().doesNotHaveDuplicates();
    assertThat(did.batches(Lane.EVENT)).isSorted().doesNotHaveDuplicates();
  }

  private void startLightly() {
    session = new Session(lightly(false), new Self(7, "0.1", "c1"), new Random(1), did);
    greet(1, 51);
    for (Lane lane : Lane.values()) {
      session.ack(ack(lane, 0), now);
    }
  }

  @Test
  void whatIsAloneInItsLaneGoesLightlyUnlessItIsAnEvent() {
    startLightly();
    did.serve(session, now, new long[] {1, 1, 2});
    assertThat(did.log).contains("lightly METER 1", "lightly TELEMETRY 1");
    assertThat(did.log).doesNotContain("lightly EVENT 1", "lightly TELEMETRY 2");
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L, 2L);
    session.ack(ack(Lane.TELEMETRY, 2), now);
    session.sealed(now);
    did.serve(session, now, new long[] {1, 1, 3});
    assertThat(did.log).contains("lightly TELEMETRY 3");
  }

  @Test
  void aLongBatchDoesNotGoLightly() {
    startLightly();
    byte[] message = new byte[UplinkTransport.SHORT_BYTES];
    message[0] = 2;
    message[1] = 1;
    did.fetches.clear();
    session.batch(
        Lane.TELEMETRY,
        0,
        Optional.of(new io.verge.store.StoredBatch(Lane.TELEMETRY, 1, 1, 1, 1, 1, message)),
        now);
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L);
    assertThat(did.log).doesNotContain("lightly TELEMETRY 1");
  }

  @Test
  void withoutAnAckItGoesAgainConfirmedAfterHalfTheTimeAndTheWholeTimeStands() {
    startLightly();
    did.serve(session, now, new long[] {0, 0, 1});
    assertThat(session.nextNanos()).isEqualTo(now + 30 * SECOND);
    did.log.clear();
    session.tick(now + 30 * SECOND);
    did.serve(session, now + 30 * SECOND, new long[] {0, 0, 1});
    assertThat(did.log).contains("send BATCH").doesNotContain("lightly TELEMETRY 1", "close");
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L, 1L);
    assertThat(did.count("batches_resent")).isEqualTo(1);
    assertThat(session.nextNanos()).isEqualTo(now + 60 * SECOND);
    session.tick(now + 60 * SECOND);
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    assertThat(session.why()).contains("no ack for 60 s");
  }

  @Test
  void afterAnAckTheNextOneGoesLightlyAgain() {
    startLightly();
    did.serve(session, now, new long[] {0, 0, 1});
    session.tick(now + 30 * SECOND);
    did.serve(session, now + 30 * SECOND, new long[] {0, 0, 1});
    session.ack(ack(Lane.TELEMETRY, 1), now + 31 * SECOND);
    session.sealed(now + 40 * SECOND);
    did.serve(session, now + 40 * SECOND, new long[] {0, 0, 2});
    assertThat(did.log).contains("lightly TELEMETRY 2");
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
  }

  @Test
  void aLaneThatStallsWhileOthersMoveGoesAgainBatchByBatch() {
    start(new long[] {50, 0, 50});
    int sentBefore = did.batches(Lane.TELEMETRY).size();
    assertThat(sentBefore).isGreaterThan(1);
    session.ack(ack(Lane.EVENT, 1), now + 50 * SECOND);
    did.fetches.clear();
    session.tick(now + 60 * SECOND);
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
    did.fetches.removeIf(fetch -> fetch.lane() == Lane.EVENT);
    did.serve(session, now + 60 * SECOND, new long[] {0, 0, 50});
    assertThat(did.batches(Lane.TELEMETRY).subList(sentBefore, sentBefore + 1)).containsExactly(1L);
    assertThat(did.batches(Lane.TELEMETRY)).hasSize(sentBefore + 1);

    session.ack(ack(Lane.TELEMETRY, 1), now + 61 * SECOND);
    did.serve(session, now + 61 * SECOND, new long[] {0, 0, 50});
    assertThat(did.batches(Lane.TELEMETRY)).hasSizeGreaterThan(sentBefore + 2);
  }

  @Test
  void aRejectedBatchEndsNothingAndIsShown() {
    start(new long[] {0, 0, 2});
    Recorder.Message first =
        did.sent.stream().filter(sent -> sent.kind() == Kind.BATCH).findFirst().orElseThrow();
    session.rejected(first.token(), "4.00 (invalid batch)", now);
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
    assertThat(session.why()).isEqualTo("telemetry batch 1: 4.00 (invalid batch)");
    assertThat(did.log).contains("note uplink.batch-rejected").doesNotContain("close");
    session.ack(ack(Lane.TELEMETRY, 1), now);
    assertThat(session.why()).isEmpty();
  }

  @Test
  void pubackFreesNothingUnlessTheUplinkSaysSo() {
    start(new long[] {0, 0, 3});
    did.sent.forEach(message -> session.taken(message.token(), now));
    assertThat(session.underWay()).isEqualTo(3);
    assertThat(did.log).noneMatch(line -> line.startsWith("acked"));
  }

  @Test
  void brokerModeSendsTheCatalogFirstAndFreesInOrder() {
    session = session(true);
    greet(1, 4);
    session.taken(did.last(Kind.HELLO).token(), now);
    did.serve(session, now, new long[] {0, 0, 3});
    assertThat(did.catalogs).containsExactly(1L);
    assertThat(did.batches(Lane.TELEMETRY)).isEmpty();
    session.catalog(1, Optional.of(new byte[] {9}), now);
    session.taken(did.last(Kind.CATALOG).token(), now);
    did.serve(session, now, new long[] {0, 0, 3});
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L, 2L, 3L);

    List<Recorder.Message> batches =
        did.sent.stream().filter(message -> message.kind() == Kind.BATCH).toList();
    session.taken(batches.get(1).token(), now);
    assertThat(did.log).noneMatch(line -> line.startsWith("acked"));
    session.taken(batches.get(0).token(), now);
    assertThat(did.log).contains("acked TELEMETRY 2").doesNotContain("acked TELEMETRY 3");
    assertThat(session.underWay()).isEqualTo(1);
  }

  @Test
  void sendsTheCatalogOfTheOldestBatchAndThenAllAgain() {
    greet(1, 51);
    session.ack(ack(Lane.EVENT, 0), now);
    session.batch(Lane.TELEMETRY, 0, Optional.of(Recorder.stored(Lane.TELEMETRY, 1, 1)), now);
    session.batch(Lane.TELEMETRY, 1, Optional.of(Recorder.stored(Lane.TELEMETRY, 2, 2)), now);
    did.fetches.clear();
    session.ack(need(Lane.TELEMETRY, 0), now);
    session.ack(need(Lane.TELEMETRY, 0), now);
    assertThat(did.catalogs).containsExactly(1L);
    assertThat(did.fetches).isEmpty();
    session.catalog(1, Optional.of(new byte[] {9}), now);
    session.taken(did.last(Kind.CATALOG).token(), now);
    assertThat(did.fetches).contains(new Recorder.Fetch(Lane.TELEMETRY, 0));

    session.ack(need(Lane.TELEMETRY, 0), now);
    assertThat(did.catalogs).as("a late need for what was sent").containsExactly(1L);
  }

  @Test
  void aStoreAnswerFromBeforeAResendIsNotSent() {
    greet(1, 51);
    session.ack(ack(Lane.EVENT, 0), now);
    session.batch(Lane.TELEMETRY, 0, Optional.of(Recorder.stored(Lane.TELEMETRY, 1, 1)), now);
    assertThat(did.fetches).contains(new Recorder.Fetch(Lane.TELEMETRY, 1));
    session.ack(need(Lane.TELEMETRY, 0), now);
    session.catalog(1, Optional.of(new byte[] {9}), now);
    session.taken(did.last(Kind.CATALOG).token(), now);
    session.batch(Lane.TELEMETRY, 1, Optional.of(Recorder.stored(Lane.TELEMETRY, 2, 1)), now);
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L);
    session.batch(Lane.TELEMETRY, 0, Optional.of(Recorder.stored(Lane.TELEMETRY, 1, 1)), now);
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L, 1L);
  }

  @Test
  void aFetchTheStoreNeverAnswersIsAskedAgain() {
    greet(1, 51);
    session.ack(ack(Lane.EVENT, 0), now);
    did.fetches.clear();
    session.tick(now + 60 * SECOND);
    assertThat(did.fetches).hasSize(3);
    assertThat(did.count("store_silent")).isEqualTo(3);
  }

  @Test
  void whatIsHeldStaysInTheStore() {
    did.held = Lane.TELEMETRY;
    start(MANY);
    assertThat(did.fetches).extracting(Recorder.Fetch::lane).doesNotContain(Lane.TELEMETRY);
    did.held = null;
    session.sealed(now);
    assertThat(did.fetches).extracting(Recorder.Fetch::lane).contains(Lane.TELEMETRY);
  }
}
