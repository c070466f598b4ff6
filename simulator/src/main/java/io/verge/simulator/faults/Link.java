package io.verge.simulator.faults;

import io.verge.model.Lane;
import io.verge.store.BatchSource;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The store's uplink in a campaign: hello, then the batches of each lane in order, a few ahead of
 * their acks; those that came too early for the city are sent again. All on the store's thread.
 */
final class Link {
  private static final int WINDOW = 8;

  private final String name;
  private final BatchSource source;
  private final DataOutputStream out;
  private final long[] sent = new long[Lane.values().length];
  private final long[] acked = new long[sent.length];
  private final int[] unanswered = new int[sent.length];
  private final boolean[] asking = new boolean[sent.length];
  private boolean greeted;
  private boolean answered;
  private long epoch;

  Link(String name, BatchSource source, DataOutputStream out) {
    this.name = name;
    this.source = source;
    this.out = out;
  }

  /** Says hello, and the catalog after it; once. */
  void greet(long boot) {
    if (!greeted) {
      greeted = true;
      source.marks(name, marks -> hello(marks, boot));
    }
  }

  private void hello(StoreMarks marks, long boot) {
    epoch = marks.epoch();
    Hello hello =
        new Hello(
            epoch, boot, marks.oldest(), marks.next(), marks.catalogRev(), "campaign", "campaign");
    write(Frame.HELLO, HelloCodec.encode(hello));
    source.catalog(
        marks.catalogRev(), message -> message.ifPresent(bytes -> write(Frame.CATALOG, bytes)));
  }

  /** Asks for the next batch of every lane that may be sent. */
  void fetch() {
    for (Lane lane : Lane.values()) {
      int n = lane.number();
      if (answered && !asking[n] && unanswered[n] < WINDOW) {
        asking[n] = true;
        source.next(name, lane, sent[n], found -> send(lane, found));
      }
    }
  }

  private void send(Lane lane, Optional<StoredBatch> found) {
    asking[lane.number()] = false;
    if (found.isPresent()) {
      sent[lane.number()] = found.get().bseq();
      unanswered[lane.number()]++;
      write(Frame.BATCH, found.get().message());
    }
  }

  private void write(byte type, byte[] body) {
    try {
      new Frame(type, body).write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void acks(byte[] message) {
    for (Ack ack : AckCodec.decodeAll(message).orThrow()) {
      int n = ack.lane().number();
      source.ack(name, ack.lane(), ack.epoch(), ack.bseq());
      if (!answered) {
        sent[n] = ack.bseq();
      } else if (--unanswered[n] == 0 && ack.bseq() < sent[n]) {
        sent[n] = ack.bseq();
      }
      acked[n] = Math.max(acked[n], ack.bseq());
    }
    answered = true;
  }

  /** Whether everything sent was answered. */
  boolean isIdle() {
    for (int n = 0; n < sent.length; n++) {
      if (unanswered[n] > 0 || sent[n] > acked[n]) {
        return false;
      }
    }
    return answered;
  }
}
