package io.verge.fuzz;

import io.verge.bytes.Decoded;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.CborReader;
import io.verge.wire.CommandCodec;
import io.verge.wire.HelloCodec;
import io.verge.wire.Message;
import io.verge.wire.VectorCatalog;
import io.verge.wire.aliyun.LinkKit;
import io.verge.wire.json.JsonText;
import io.verge.wire.proto.ProtoReader;
import io.verge.wire.sparkplug.SparkplugCodec;
import io.verge.wire.thingsboard.ThingsBoard;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * What comes by the uplinks. A value that is read is written and read again: the second writing
 * must have the first one's bytes.
 */
final class WireTargets {
  /** A message inflates to 1 MiB of CBOR, whose smallest items become objects. */
  static final long INFLATED_ALLOWED = 256L << 20;

  /** The smallest batch may hold 2^20 readings that are all zero. */
  private static final long BATCH_ALLOWED = 512L << 20;

  private WireTargets() {}

  static void addTo(SortedMap<String, Target> all) {
    put(all, "wire-ack", AckCodec::decode, AckCodec::encode, INFLATED_ALLOWED);
    put(all, "wire-acks", AckCodec::decodeAll, AckCodec::encodeAll, INFLATED_ALLOWED);
    put(
        all,
        "wire-command",
        (byte[] bytes) -> CommandCodec.decode(bytes, "uplink:city"),
        CommandCodec::encode,
        INFLATED_ALLOWED);
    put(all, "wire-hello", HelloCodec::decode, HelloCodec::encode, INFLATED_ALLOWED);
    put(all, "wire-catalog", CatalogCodec::decode, CatalogCodec::encode, INFLATED_ALLOWED);
    put(
        all,
        "wire-batch",
        (byte[] bytes) -> BatchCodec.decode(bytes, VectorCatalog.CATALOG),
        (Batch batch) -> BatchCodec.encode(batch, VectorCatalog.CATALOG),
        BATCH_ALLOWED);
    all.put("wire-message", new Inflated());
    all.put("wire-cbor", WireTargets::cbor);
    put(all, "wire-json", JsonText::read, JsonText::write, Target.ALLOWED_BYTES);
    all.put("wire-proto", WireTargets::proto);
    all.put("sparkplug", WireTargets::sparkplug);
    all.put("thingsboard-rpc", WireTargets::thingsBoard);
    all.put("linkkit", WireTargets::linkKit);
  }

  private static <T> void put(
      SortedMap<String, Target> all,
      String name,
      Function<byte[], Decoded<T>> decode,
      Function<T, byte[]> encode,
      long allowed) {
    all.put(name, new RoundTrip<>(decode, encode, allowed));
  }

  /** A codec that reads what it writes. */
  private record RoundTrip<T>(
      Function<byte[], Decoded<T>> decode, Function<T, byte[]> encode, long base)
      implements Target {
    @Override
    public void read(byte[] input) {
      if (decode.apply(input) instanceof Decoded.Valid<T> valid) {
        byte[] once = encode.apply(valid.value());
        Decoded<T> again = decode.apply(once);
        Check.that(again.isValid(), "what was written is refused: " + again);
        byte[] twice = encode.apply(again.orThrow());
        Check.that(Arrays.equals(once, twice), "written again, it is something else");
      }
    }

    @Override
    public long allowed(int length) {
      return base + length * ALLOWED_A_BYTE;
    }
  }

  /** DEFLATE of something else than CBOR. */
  private static final class Inflated implements Target {
    @Override
    public void read(byte[] input) {
      if (Message.unwrap(input) instanceof Decoded.Valid<byte[]> valid) {
        Check.that(valid.value().length <= Message.BYTES_MAX, "more than may be inflated");
      }
    }

    @Override
    public long allowed(int length) {
      return 8L << 20;
    }
  }

  private static void cbor(byte[] input) {
    CborReader in = new CborReader(input, 0, input.length);
    while (in.isOk() && in.offset() < input.length) {
      int before = in.offset();
      in.any();
      Check.that(!in.isOk() || in.offset() > before, "no progress at " + before);
    }
    Check.that(in.offset() <= input.length, "read past the end");
  }

  private static void proto(byte[] input) {
    ProtoReader in = new ProtoReader(input);
    while (in.next() != 0 && in.isOk()) {
      in.skip();
    }
  }

  private static void sparkplug(byte[] input) {
    if (SparkplugCodec.decode(input) instanceof Decoded.Valid<SparkplugCodec.Payload> valid) {
      SparkplugCodec.encode(valid.value().timeMs(), valid.value().metrics());
    }
  }

  private static void thingsBoard(byte[] input) {
    if (ThingsBoard.rpc(input) instanceof Decoded.Valid<ThingsBoard.Rpc> valid) {
      ThingsBoard.answer(valid.value().device(), valid.value().id(), Map.of("success", true));
    }
  }

  private static void linkKit(byte[] input) {
    LinkKit.reply(input);
    if (LinkKit.call(input) instanceof Decoded.Valid<LinkKit.Call> valid) {
      LinkKit.answer(valid.value().id(), 200, Map.of("state", "done"));
    }
  }
}
