package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.uplink.Session.Phase;
import io.verge.uplink.UplinkTransport.Kind;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How a session connects, greets, rests and ends. */
class SessionTest extends SessionFixture {
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
  void aRejectedHelloEndsTheConnection() {
    greet(1, 51);
    session.rejected(did.last(Kind.HELLO).token(), "4.00", now);
    assertThat(session.phase()).isEqualTo(Phase.WAITING);
    assertThat(session.why()).isEqualTo("hello: 4.00");
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
}
