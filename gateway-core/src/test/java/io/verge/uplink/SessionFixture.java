package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import java.net.URI;
import java.util.Random;

/** A session whose store and back end are the test, at a time that the test sets. */
abstract class SessionFixture {
  static final long EPOCH = 0x1122334455667788L;
  static final long SECOND = 1_000_000_000L;
  static final long[] MANY = {50, 50, 50};
  static final long[] NOTHING = {0, 0, 0};
  final Recorder did = new Recorder();
  Session session = session(false);
  long now = 1000 * SECOND;

  Session session(boolean ackByBroker) {
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

  static byte[] ack(Lane lane, long bseq) {
    return AckCodec.encode(new Ack(EPOCH, lane, bseq, 0, false));
  }

  static byte[] need(Lane lane, long bseq) {
    return AckCodec.encode(new Ack(EPOCH, lane, bseq, 1, true));
  }

  void greet(long oldest, long next) {
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
  void start(long[] highest) {
    greet(1, 51);
    for (Lane lane : Lane.values()) {
      session.ack(ack(lane, 0), now);
    }
    did.serve(session, now, highest);
  }
}
