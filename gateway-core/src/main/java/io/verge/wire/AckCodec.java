package io.verge.wire;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import java.util.ArrayList;
import java.util.List;

/**
 * Acks: {@code [1, epoch, lane, bseq, ? now_ms, ? need]}. The answer to a hello over CoAP is an
 * array of them.
 */
public final class AckCodec {
  private static final String CATALOG = "catalog";

  private AckCodec() {}

  public static byte[] encode(Ack ack) {
    CborWriter out = new CborWriter(48);
    write(out, ack);
    return Message.wrap(out);
  }

  /** One message with several acks. */
  public static byte[] encodeAll(List<Ack> acks) {
    CborWriter out = new CborWriter(128).array(acks.size());
    acks.forEach(ack -> write(out, ack));
    return Message.wrap(out);
  }

  private static void write(CborWriter out, Ack ack) {
    out.array(ack.needCatalog() ? 6 : ack.nowMs() > 0 ? 5 : 4)
        .unsigned(BatchCodec.VERSION)
        .unsigned(ack.epoch())
        .unsigned(ack.lane().number())
        .unsigned(ack.bseq());
    if (ack.nowMs() > 0 || ack.needCatalog()) {
      out.unsigned(ack.nowMs());
    }
    if (ack.needCatalog()) {
      out.text(CATALOG);
    }
  }

  public static Decoded<Ack> decode(byte[] message) {
    Decoded<List<Ack>> acks = decodeAll(message);
    if (!(acks instanceof Decoded.Valid<List<Ack>> valid)) {
      return BatchCodec.invalid(acks);
    }
    return valid.value().size() == 1
        ? Decoded.valid(valid.value().get(0))
        : Decoded.invalid(valid.value().size() + " acks where one is expected", 1);
  }

  /** Reads a message with one ack, or an array of them; at most 3. */
  public static Decoded<List<Ack>> decodeAll(byte[] message) {
    Decoded<byte[]> cbor = Message.unwrap(message);
    if (!(cbor instanceof Decoded.Valid<byte[]> valid)) {
      return BatchCodec.invalid(cbor);
    }
    byte[] bytes = valid.value();
    CborReader in = new CborReader(bytes, 0, bytes.length);
    List<Ack> acks = new ArrayList<>(3);
    int count = in.array(0, 6, "ack");
    if (in.peekMajor() == 4) {
      for (int i = 0; i < count && in.isOk(); i++) {
        read(in, in.array(4, 6, "ack"), acks);
      }
    } else {
      read(in, count, acks);
    }
    return in.isAtEnd() ? Decoded.valid(List.copyOf(acks)) : in.invalid();
  }

  private static void read(CborReader in, int size, List<Ack> acks) {
    if (in.isOk() && size < 4) {
      in.fail("ack of " + size + " items, expected 4..6");
    }
    long version = in.unsigned();
    if (in.isOk() && version != BatchCodec.VERSION) {
      in.fail("ack version " + version + ", expected " + BatchCodec.VERSION);
    }
    long epoch = in.unsigned();
    int lane = (int) in.unsigned(2, "lane");
    long bseq = in.unsigned();
    long nowMs = size >= 5 ? in.unsigned() : 0;
    String need = size >= 6 ? in.text(32) : "";
    if (in.isOk()) {
      acks.add(new Ack(epoch, Lane.of(lane), bseq, nowMs, need.equals(CATALOG)));
    }
  }
}
