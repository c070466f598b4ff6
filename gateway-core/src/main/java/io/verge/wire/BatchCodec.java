package io.verge.wire;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;

/**
 * Batches, between values and the bytes that are stored and sent (uplink protocol v1, "batch").
 * Static functions; any thread.
 */
public final class BatchCodec {
  static final int VERSION = 1;

  /** Readings in one batch: eight times what 32 KiB of the cheapest backlog hold. */
  public static final int READINGS_MAX = 1 << 20;

  /** Scaled integers beyond ±2^53 survive neither JSON nor doubles at the receiver. */
  public static final long VALUE_MAX = 1L << 53;

  private BatchCodec() {}

  /**
   * @param catalog the revision the samples' device indices belong to.
   * @return the message, coding byte first.
   * @throws IllegalArgumentException if the batch contradicts the catalog or the limits: our bug.
   */
  public static byte[] encode(Batch batch, Catalog catalog) {
    return Message.wrap(BatchEncoder.encode(batch, catalog));
  }

  /** Reads a message against the catalog it names. */
  public static Decoded<Batch> decode(byte[] message, Catalog catalog) {
    Decoded<byte[]> cbor = Message.unwrap(message);
    return cbor instanceof Decoded.Valid<byte[]> valid
        ? new BatchDecoder(valid.value(), catalog).decode()
        : invalid(cbor);
  }

  /** Reads who a message is, without its catalog. */
  public static Decoded<Batch.Head> head(byte[] message) {
    Decoded<byte[]> cbor = Message.unwrap(message);
    if (!(cbor instanceof Decoded.Valid<byte[]> valid)) {
      return invalid(cbor);
    }
    CborReader in = new CborReader(valid.value(), 0, valid.value().length);
    Batch.Head head = BatchDecoder.head(in);
    return head == null ? in.invalid() : Decoded.valid(head);
  }

  static <T> Decoded<T> invalid(Decoded<?> failed) {
    Decoded.Invalid<?> invalid = (Decoded.Invalid<?>) failed;
    return Decoded.invalid(invalid.reason(), invalid.offset());
  }
}
