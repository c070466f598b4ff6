package io.verge.simulator.faults;

import io.verge.model.Lane;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The back end of a campaign, with a memory for the bytes that came under each number. */
final class City implements AutoCloseable {
  static final String GATEWAY = "campaign";
  private static final int DIGEST_BYTES = 12;

  private record Number(long epoch, Lane lane, long bseq) {}

  private final Ledger ledger;
  private final Receiver receiver;
  private final Verdict verdict;
  private final Map<Number, byte[]> left = new HashMap<>();
  private long batches;
  private long resent;

  City(Path file, Verdict verdict) throws LedgerException {
    this.ledger = Ledger.open(file, Ledger.Durability.NORMAL);
    this.receiver = new Receiver(ledger, System::currentTimeMillis);
    this.verdict = verdict;
  }

  /**
   * A batch has left the gateway, whether it arrives or not: its number now stands for its bytes.
   */
  synchronized void left(byte[] message) {
    Batch.Head head = BatchCodec.head(message).orThrow();
    byte[] digest = digest(message);
    byte[] before = left.putIfAbsent(new Number(head.epoch(), head.lane(), head.bseq()), digest);
    batches++;
    if (before != null) {
      resent++;
      if (!Arrays.equals(before, digest)) {
        verdict.reused(
            "batch " + head.bseq() + " of lane " + head.lane() + " left with other bytes before");
      }
    }
  }

  private static byte[] digest(byte[] message) {
    try {
      byte[] all = MessageDigest.getInstance("SHA-256").digest(message);
      return Arrays.copyOf(all, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What the city answers; empty: nothing. */
  Optional<byte[]> answer(Frame frame) throws LedgerException {
    switch (frame.type()) {
      case Frame.HELLO -> {
        return receiver.helloAsOne(GATEWAY, frame.body());
      }
      case Frame.CATALOG -> {
        receiver.catalog(GATEWAY, frame.body());
        return Optional.empty();
      }
      default -> {
        return receiver.batch(GATEWAY, frame.body());
      }
    }
  }

  Receiver.Counts counts() {
    return receiver.counts();
  }

  synchronized long batches() {
    return batches;
  }

  synchronized long resent() {
    return resent;
  }

  Report report() throws LedgerException {
    return ledger.report();
  }

  @Override
  public void close() throws LedgerException {
    ledger.close();
  }
}
