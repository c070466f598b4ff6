package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.uplink.Session.Phase;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final long EPOCH = 0x1122334455667788L;
  private static final long SECOND = 1_000_000_000L;
  private static final long[] MANY = {50, 50, 50};
  private static final long[] NOTHING = {0, 0, 0};

  private final Recorder did = new Recorder();
  private Session session = session(false);
  private long now = 1000 * SECOND;

  private Session session(boolean ackByBroker) {
    return new Session(settings(ackByBroker), new Self(7, "0.1", "c1"), new Random(1), did);
  }

  /** With every batch confirmed by the broker. */
  static UplinkSettings settings(boolean ackByBroker) {
    return lightly(ackByBroker).withLine(new Line(0, 1, 0, 0, null, null, "", 1));
  }

  static UplinkSettings lightly(boolean ackByBroker) {
    return new UplinkSettings(
        "city",
        "gw-1",
        URI.create("mqtt://localhost"),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        60_000,
        30_000,
        ackByBroker);
  }

  private static byte[] ack(Lane lane, long bseq) {
    return AckCodec.encode(new Ack(EPOCH, lane, bseq, 0, false));
  }

  private static byte[] need(Lane lane, long bseq) {
    return AckCodec.encode(new Ack(EPOCH, lane, bseq, 1, true));
  }

  private void greet(long oldest, long next) {
    now = Math.max(now, session.nextNanos());
    session.tick(now);
    session.up(now);
    session.marks(
        new StoreMarks(
            EPOCH,
            new long[] {oldest, oldest, oldest},
            new long[] {next, next, next},
            new long[] {next - 1, next - 1, next - 1},
            3),
        now);
  }

  /** Connected, and the hello answered: batches from 1 on. */
  private void start(long[] highest) {
    greet(1, 51);
    for (Lane lane : Lane.values()) {
      session.ack(ack(lane, 0), now);
    }
    did.serve(session, now, highest);
  }

  @Test
  void saysStateAndHelloAndWaitsForTheAnswer() {
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    greet(4, 9);
    assertThat(did.log).containsExactly("connect", "marks", "send STATE", "send HELLO");
    Hello hello = HelloCodec.decode(did.last(Kind.HELLO).bytes()).orThrow();
    assertThat(hello.epoch()).isEqualTo(EPOCH);
    assertThat(hello.oldest()).containsExactly(4, 4, 4);
    assertThat(hello.next()).containsExactly(9, 9, 9);
    assertThat(hello.catalogRev()).isEqualTo(3);
    assertThat(session.phase()).isEqualTo(Phase.GREETING);
    assertThat(did.fetches).isEmpty();

    session.ack(ack(Lane.TELEMETRY, 6), now);
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
    assertThat(did.log).contains("acked TELEMETRY 6", "link true", "note uplink.up");
    assertThat(did.fetches)
        .extracting(Recorder.Fetch::lane)
        .containsExactly(Lane.EVENT, Lane.METER, Lane.TELEMETRY);
    assertThat(did.fetches).extracting(Recorder.Fetch::after).containsExactly(3L, 3L, 6L);
  }

  @Test
  void anAckBeforeTheHelloOpensNothing() {
    session.tick(now);
    session.up(now);
    session.ack(ack(Lane.EVENT, 1), now);
    assertThat(session.phase()).isEqualTo(Phase.GREETING);
    session.marks(
        new StoreMarks(EPOCH, new long[] {1, 1, 1}, new long[] {2, 2, 2}, new long[] {1, 1, 1}, 3),
        now);
    assertThat(did.log).contains("send HELLO");
  }

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

  @Test
  void startsAgainFromTheFirstUnackedAfterABreak() {
    start(new long[] {0, 0, 50});
    session.ack(ack(Lane.TELEMETRY, 2), now);
    session.down(now, "reset", false);
    assertThat(did.log).contains("link false", "note uplink.down");
    did.sent.clear();
    did.fetches.clear();
    greet(3, 51);
    session.ack(ack(Lane.TELEMETRY, 4), now);
    did.serve(session, now, new long[] {0, 0, 50});
    assertThat(did.batches(Lane.TELEMETRY)).startsWith(5L, 6L, 7L);
  }

  @Test
  void tearsDownALinkThatAcksNothing() {
    start(MANY);
    assertThat(session.nextNanos()).isEqualTo(now + 60 * SECOND);
    session.tick(now + 59 * SECOND);
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
    session.tick(now + 60 * SECOND);
    assertThat(did.log).contains("close", "link false");
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    assertThat(session.why()).contains("no ack for 60 s");
    assertThat(did.count("silent_links")).isEqualTo(1);
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
  void tearsDownWhereHelloIsNotAnswered() {
    greet(1, 5);
    session.tick(now + 60 * SECOND);
    assertThat(session.why()).contains("no answer to hello");
  }

  @Test
  void anIdleLinkIsNotSilent() {
    start(NOTHING);
    assertThat(session.nextNanos()).isEqualTo(Long.MAX_VALUE);
    session.tick(now + 3600 * SECOND);
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
  void aRejectedHelloEndsTheConnection() {
    greet(1, 51);
    session.rejected(did.last(Kind.HELLO).token(), "4.00", now);
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    assertThat(session.why()).isEqualTo("hello: 4.00");
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
  void ignoresAndCountsAcksThatCannotBe() {
    start(new long[] {0, 0, 2});
    session.ack(AckCodec.encode(new Ack(EPOCH + 1, Lane.TELEMETRY, 1, 0, false)), now);
    session.ack(ack(Lane.TELEMETRY, 51), now);
    session.ack(AckCodec.encode(new Ack(EPOCH, Lane.TELEMETRY, 1L << 62, 0, false)), now);
    assertThat(did.count("acks_ignored")).isEqualTo(3);
    for (int i = 0; i < 100; i++) {
      session.ack(new byte[] {0, (byte) i}, now);
    }
    assertThat(did.count("acks_invalid")).isEqualTo(100);
    assertThat(did.log).filteredOn(line -> line.equals("note uplink.ack-ignored")).hasSize(2);
    assertThat(session.underWay()).isEqualTo(2);
    assertThat(session.acked(Lane.TELEMETRY)).isZero();
  }

  @Test
  void anAckForWhatIsSealedButNeverLeftIsNoAck() {
    session.tick(now);
    session.up(now);
    session.marks(
        new StoreMarks(
            EPOCH, new long[] {1, 1, 1}, new long[] {51, 51, 51}, new long[] {0, 0, 0}, 3),
        now);
    for (Lane lane : Lane.values()) {
      session.ack(ack(lane, 0), now);
    }
    did.serve(session, now, new long[] {0, 0, 2});
    assertThat(did.batches(Lane.TELEMETRY)).containsExactly(1L, 2L);
    session.ack(ack(Lane.TELEMETRY, 3), now);
    assertThat(did.count("acks_ignored")).isEqualTo(1);
    assertThat(session.acked(Lane.TELEMETRY)).isZero();
    session.ack(ack(Lane.TELEMETRY, 2), now);
    assertThat(session.acked(Lane.TELEMETRY)).isEqualTo(2);

    session.down(now, "reset", false);
    greet(3, 51);
    session.ack(ack(Lane.TELEMETRY, 40), now);
    assertThat(did.count("acks_ignored")).as("what left is known for the whole run").isEqualTo(2);
  }

  @Test
  void damagedAcksNeverThrow() {
    start(MANY);
    byte[] good = AckCodec.encode(new Ack(EPOCH, Lane.EVENT, 1, 1_700_000_000_000L, true));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      session.ack(bad, now);
    }
    for (int length = 0; length < good.length; length++) {
      session.ack(java.util.Arrays.copyOf(good, length), now);
    }
    assertThat(session.underWay()).isLessThanOrEqualTo(Flow.WINDOW);
  }

  @Test
  void aBackEndRestoredFromOlderDataGetsItAgain() {
    greet(10, 20);
    session.ack(ack(Lane.TELEMETRY, 4), now);
    assertThat(did.log).contains("note uplink.rewound");
    assertThat(did.fetches).contains(new Recorder.Fetch(Lane.TELEMETRY, 4));
    session.ack(ack(Lane.TELEMETRY, 3), now);
    assertThat(session.acked(Lane.TELEMETRY)).as("only the hello's answer").isEqualTo(4);
  }

  private void startWhenNeeded() {
    session =
        new Session(
            settings(false).withLine(new Line(0, 1, 3_600_000, 0, null, null, "", 1)),
            new Self(7, "0.1", "c1"),
            new Random(1),
            did);
    start(NOTHING);
  }

  @Test
  void hangsUpWhenNothingIsLeftAndComesBackInTime() {
    startWhenNeeded();
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
    long up = now;
    did.log.clear();
    session.tick(now + Rest.LINGER_NANOS - 1);
    assertThat(session.phase()).isEqualTo(Phase.SENDING);
    assertThat(session.nextNanos()).isEqualTo(now + Rest.LINGER_NANOS);
    session.tick(now + Rest.LINGER_NANOS);
    assertThat(session.isResting()).isTrue();
    assertThat(did.log)
        .as("the store goes on sealing, and nobody is alarmed")
        .containsExactly("send STATE", "close");
    assertThat(session.nextNanos()).isEqualTo(up + 3_600 * SECOND);
    did.log.clear();
    greet(1, 51);
    session.ack(ack(Lane.EVENT, 0), now);
    assertThat(did.log).contains("connect", "link true").doesNotContain("note uplink.up");
    assertThat(session.isResting()).isFalse();
  }

  @Test
  void anEventEndsTheRestAndOtherDataDoesNotSoonAfterTheLastConnection() {
    startWhenNeeded();
    session.tick(now + Rest.LINGER_NANOS);
    now += 60 * SECOND;
    did.fetches.clear();
    session.sealed(now);
    assertThat(did.fetches).hasSize(3);
    session.batch(Lane.TELEMETRY, 0, Optional.of(Recorder.stored(Lane.TELEMETRY, 1, 1)), now);
    assertThat(session.nextNanos()).isGreaterThan(now);
    session.batch(
        Lane.TELEMETRY,
        0,
        Optional.of(Recorder.stored(Lane.TELEMETRY, 1, 1)),
        now + 1_800 * SECOND);
    assertThat(session.nextNanos()).isEqualTo(now + 1_800 * SECOND);
    session.batch(Lane.EVENT, 0, Optional.of(Recorder.stored(Lane.EVENT, 1, 1)), now);
    assertThat(session.nextNanos()).isEqualTo(now);
    session.tick(now);
    assertThat(session.phase()).isEqualTo(Phase.CONNECTING);
    session.down(now, "connection refused", false);
    assertThat(session.isResting()).as("a fault is no rest").isFalse();
    assertThat(did.log).contains("link false", "note uplink.down");
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

  @Test
  void renewsAConnectionOnlyWhileNothingIsUnderWay() {
    start(new long[] {1, 0, 0});
    assertThat(session.renew(now)).as("a batch is under way").isFalse();
    session.ack(ack(Lane.EVENT, 1), now);
    did.serve(session, now, new long[] {1, 0, 0});
    did.log.clear();
    assertThat(session.renew(now)).isTrue();
    assertThat(did.log).contains("close").doesNotContain("note uplink.down", "link false");
    session.tick(now);
    assertThat(session.phase()).isEqualTo(Phase.CONNECTING);
  }

  @Test
  void offersTheMiddleOfTheRoundTrip() {
    greet(1, 5);
    byte[] timed = AckCodec.encode(new Ack(EPOCH, Lane.EVENT, 0, 1_700_000_000_000L, false));
    session.ack(timed, now + 400_000_000);
    session.ack(timed, now + 900_000_000);
    assertThat(did.offers)
        .as("an ack that answers nothing tells no time")
        .containsExactly(new Recorder.Offer(1_700_000_000_200L, 201));
  }

  @Test
  void aMessageRefusedEndsTheConnection() {
    start(MANY);
    session.failed(did.last(Kind.BATCH).token(), "quota exceeded", now);
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    assertThat(session.why()).isEqualTo("batch: quota exceeded");
  }

  @Test
  void saysOfflineBeforeItStops() {
    start(NOTHING);
    did.sent.clear();
    session.stop(now);
    assertThat(did.last(Kind.STATE).bytes()).isEqualTo(new Self(7, "0.1", "").state(false, EPOCH));
    assertThat(session.nextNanos()).isEqualTo(Long.MAX_VALUE);
  }

  /** Every input in every phase that does not expect it: nothing is sent, nothing thrown. */
  @Test
  void inputsOutOfPlaceDoNothing() {
    session.ack(ack(Lane.EVENT, 1), now);
    session.taken(1, now);
    session.failed(1, "x", now);
    session.batch(Lane.EVENT, 0, Optional.empty(), now);
    session.catalog(1, Optional.empty(), now);
    session.marks(new StoreMarks(EPOCH, new long[3], new long[3], new long[3], 0), now);
    session.up(now);
    session.down(now, "x", true);
    session.sealed(now);
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    session.stop(now);
    session.tick(now);
    session.up(now);
    session.down(now, "x", false);
    session.sealed(now);
    assertThat(did.sent).isEmpty();
    assertThat(did.log).containsExactly("link false");
  }

  private final List<Replay.Result> replays = new java.util.ArrayList<>();

  private void replay(Lane lane, long first, long last) {
    session.replay(new Replay.Range(lane, first, last, replays::add), now);
  }

  private void serveAgain(Lane lane, long bseq, long rev) {
    Recorder.Fetch fetch = did.again.remove(0);
    assertThat(fetch.lane()).isEqualTo(lane);
    session.replayed(
        lane,
        fetch.after(),
        bseq == 0 ? Optional.empty() : Optional.of(Recorder.stored(lane, bseq, rev)),
        now);
  }

  @Test
  void aReplayGoesOneByOneAndLeavesTheCursorsAlone() {
    start(NOTHING);
    session.ack(ack(Lane.METER, 20), now);
    did.serve(session, now, NOTHING);
    replay(Lane.METER, 3, 9);
    serveAgain(Lane.METER, 3, 1);
    session.catalog(1, Optional.of(new byte[] {1}), now);
    assertThat(did.batches(Lane.METER)).as("its catalog goes first").isEmpty();
    session.taken(did.last(Kind.CATALOG).token(), now);
    serveAgain(Lane.METER, 3, 1);
    assertThat(did.batches(Lane.METER)).containsExactly(3L);
    assertThat(did.again).as("one at a time").isEmpty();
    session.ack(ack(Lane.METER, 20), now);
    session.taken(did.last(Kind.BATCH).token(), now);
    assertThat(did.again).containsExactly(new Recorder.Fetch(Lane.METER, 3));
    serveAgain(Lane.METER, 8, 1);
    session.taken(did.last(Kind.BATCH).token(), now);
    serveAgain(Lane.METER, 10, 1);
    assertThat(did.batches(Lane.METER)).containsExactly(3L, 8L);
    assertThat(replays).containsExactly(new Replay.Result(2, 4, ""));
    assertThat(session.acked(Lane.METER)).isEqualTo(20);
  }

  @Test
  void aReplayOutlivesItsConnection() {
    start(NOTHING);
    session.ack(ack(Lane.METER, 20), now);
    replay(Lane.METER, 3, 4);
    replay(Lane.EVENT, 1, 1);
    session.down(now, "cable", false);
    assertThat(replays).isEmpty();
    start(NOTHING);
    assertThat(did.again).contains(new Recorder.Fetch(Lane.METER, 2));
    did.again.remove(0);
    serveAgain(Lane.METER, 0, 0);
    assertThat(replays).containsExactly(new Replay.Result(0, 0, ""));
    assertThat(did.again).containsExactly(new Recorder.Fetch(Lane.EVENT, 0));
    session.stop(now);
    assertThat(replays).last().isEqualTo(new Replay.Result(0, 0, "the gateway stops"));
  }

  @Test
  void aReplayThatIsRefusedEndsAloneAndOneThatIsNotTakenEndsTheConnection() {
    start(NOTHING);
    replay(Lane.METER, 1, 2);
    sendFirst(Lane.METER, 1);
    session.failed(did.last(Kind.BATCH).token(), "4.13", now);
    assertThat(replays).containsExactly(new Replay.Result(0, 0, "batch 1: 4.13"));
    assertThat(session.phase()).isEqualTo(Phase.SENDING);

    replay(Lane.METER, 1, 2);
    serveAgain(Lane.METER, 1, 1);
    now = session.nextNanos();
    session.tick(now);
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    assertThat(session.why()).contains("again");
    for (int i = 0; i < Replay.RANGES_MAX; i++) {
      replay(Lane.METER, 1, 2);
    }
    assertThat(replays).last().extracting(Replay.Result::why).asString().contains("waiting");
  }

  /** Its catalog goes before it. */
  private void sendFirst(Lane lane, long bseq) {
    serveAgain(lane, bseq, 1);
    session.catalog(1, Optional.of(new byte[] {1}), now);
    session.taken(did.last(Kind.CATALOG).token(), now);
    serveAgain(lane, bseq, 1);
  }
}
