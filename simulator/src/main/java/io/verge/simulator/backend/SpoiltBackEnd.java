package io.verge.simulator.backend;

import io.verge.bytes.Decoded;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A back end that commits as it should and answers as it should not, and one that refuses. What is
 * committed stays right: whatever it says, nothing may be missing in the end. Any thread.
 */
public final class SpoiltBackEnd implements BackEnd {
  /** Late acks held back at most. */
  private static final int LATE_MAX = 20;

  /**
   * How, per mille of the batches.
   *
   * @param mute committed, and never answered: it died in between.
   * @param twice acked twice.
   * @param late acked with a later message.
   * @param foreign a further ack, of another epoch.
   * @param neverSent a further ack, of a number that never left the gateway.
   */
  public record Habits(int mute, int twice, int late, int foreign, int neverSent) {
    public static final Habits NONE = new Habits(0, 0, 0, 0, 0);
  }

  /** What is refused. */
  @FunctionalInterface
  public interface Refuses {
    /**
     * @param bytes of the message.
     */
    boolean refuses(Batch.Head head, int bytes);
  }

  private final BackEnd honest;
  private final Habits habits;
  private final Refuses refuses;
  private final RandomGenerator random;
  private final Deque<byte[]> late = new ArrayDeque<>();
  private long struck;

  public SpoiltBackEnd(BackEnd honest, Habits habits, Refuses refuses, RandomGenerator random) {
    this.honest = honest;
    this.habits = habits;
    this.refuses = refuses;
    this.random = random;
  }

  /** Batches that were refused, not answered, or answered wrongly. */
  public synchronized long struck() {
    return struck;
  }

  private boolean happens(int perMille) {
    boolean does = perMille > 0 && random.nextInt(1000) < perMille;
    struck += does ? 1 : 0;
    return does;
  }

  @Override
  public synchronized List<byte[]> hello(String gateway, byte[] message) throws LedgerException {
    return honest.hello(gateway, message);
  }

  @Override
  public synchronized boolean catalog(String gateway, byte[] message) throws LedgerException {
    return honest.catalog(gateway, message);
  }

  @Override
  public synchronized List<byte[]> batch(String gateway, byte[] message) throws LedgerException {
    Decoded<Batch.Head> head = BatchCodec.head(message);
    if (head instanceof Decoded.Valid<Batch.Head> valid
        && refuses.refuses(valid.value(), message.length)) {
      struck++;
      return List.of();
    }
    List<byte[]> acks = new ArrayList<>();
    while (!late.isEmpty() && (late.size() > LATE_MAX || random.nextBoolean())) {
      acks.add(late.remove());
    }
    for (byte[] ack : honest.batch(gateway, message)) {
      answer(ack, acks);
    }
    return acks;
  }

  private void answer(byte[] honestAck, List<byte[]> acks) {
    Ack ack = AckCodec.decode(honestAck).orThrow();
    if (happens(habits.foreign())) {
      acks.add(AckCodec.encode(of(ack, ack.epoch() ^ 1, ack.bseq())));
    }
    if (happens(habits.neverSent())) {
      acks.add(AckCodec.encode(of(ack, ack.epoch(), ack.bseq() + 9 + random.nextInt(5))));
    }
    if (happens(habits.mute())) {
      return;
    }
    if (happens(habits.late())) {
      late.add(honestAck);
      return;
    }
    acks.add(honestAck);
    if (happens(habits.twice())) {
      acks.add(honestAck);
    }
  }

  private static Ack of(Ack ack, long epoch, long bseq) {
    return new Ack(epoch, ack.lane(), bseq, ack.nowMs(), false);
  }
}
