package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import org.junit.jupiter.api.Test;

/** Which acks are believed, and what they tell. */
class SessionAcksTest extends SessionFixture {
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
}
