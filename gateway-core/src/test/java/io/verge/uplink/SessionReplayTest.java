package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import io.verge.uplink.Session.Phase;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Batches that somebody wants once more. */
class SessionReplayTest extends SessionFixture {
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
