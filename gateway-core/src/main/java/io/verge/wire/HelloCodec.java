package io.verge.wire;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;

/**
 * Hello: {@code [1, epoch, boot, [3*[oldest, next]], catalog, config, version]}, lanes in the order
 * of their numbers.
 */
public final class HelloCodec {
  private static final int TEXT_BYTES_MAX = 128;

  private HelloCodec() {}

  public static byte[] encode(Hello hello) {
    CborWriter out = new CborWriter(96).array(7);
    out.unsigned(BatchCodec.VERSION).unsigned(hello.epoch()).unsigned(hello.boot());
    out.array(Lane.values().length);
    for (Lane lane : Lane.values()) {
      out.array(2).unsigned(hello.oldest()[lane.number()]).unsigned(hello.next()[lane.number()]);
    }
    out.unsigned(hello.catalogRev()).text(hello.config()).text(hello.version());
    return Message.wrap(out);
  }

  public static Decoded<Hello> decode(byte[] message) {
    Decoded<byte[]> cbor = Message.unwrap(message);
    if (!(cbor instanceof Decoded.Valid<byte[]> valid)) {
      return BatchCodec.invalid(cbor);
    }
    CborReader in = new CborReader(valid.value(), 0, valid.value().length);
    in.array(7, 7, "hello");
    long version = in.unsigned();
    if (in.isOk() && version != BatchCodec.VERSION) {
      in.fail("hello version " + version + ", expected " + BatchCodec.VERSION);
    }
    long epoch = in.unsigned();
    long boot = in.unsigned();
    int lanes = Lane.values().length;
    in.array(lanes, lanes, "lanes");
    long[] oldest = new long[lanes];
    long[] next = new long[lanes];
    for (int lane = 0; lane < lanes && in.isOk(); lane++) {
      in.array(2, 2, "lane");
      oldest[lane] = in.unsigned();
      next[lane] = in.unsigned();
    }
    long catalog = in.unsigned();
    String config = in.text(TEXT_BYTES_MAX);
    String software = in.text(TEXT_BYTES_MAX);
    return in.isAtEnd()
        ? Decoded.valid(new Hello(epoch, boot, oldest, next, catalog, config, software))
        : in.invalid();
  }
}
