package io.verge.wire.explain;

import io.verge.bytes.Decoded;
import io.verge.driver.FrameDecoder;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import io.verge.wire.CommandCodec;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import io.verge.wire.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Recognises each message of the uplink protocol by its shape. A batch is explained as far as it
 * can be without its catalog: who it is, and how large.
 */
public final class UplinkDecoder implements FrameDecoder {
  @Override
  public String protocol() {
    return "uplink";
  }

  @Override
  public Decoded<Explained> decode(byte[] frame) {
    Decoded<byte[]> cbor = Message.unwrap(frame);
    if (!(cbor instanceof Decoded.Valid<byte[]> plain)) {
      Decoded.Invalid<byte[]> invalid = (Decoded.Invalid<byte[]>) cbor;
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Decoded<Batch.Head> head = BatchCodec.head(frame);
    if (head instanceof Decoded.Valid<Batch.Head> batch) {
      return Decoded.valid(batch(frame, plain.value().length, batch.value()));
    }
    Decoded<Catalog> catalog = CatalogCodec.decode(frame);
    if (catalog instanceof Decoded.Valid<Catalog> valid) {
      return Decoded.valid(catalog(frame, valid.value()));
    }
    Decoded<Hello> hello = HelloCodec.decode(frame);
    if (hello instanceof Decoded.Valid<Hello> valid) {
      return Decoded.valid(hello(frame, valid.value()));
    }
    Decoded<List<Ack>> acks = AckCodec.decodeAll(frame);
    if (acks instanceof Decoded.Valid<List<Ack>> valid && !valid.value().isEmpty()) {
      return Decoded.valid(acks(frame, valid.value()));
    }
    Decoded<Command> command = CommandCodec.decode(frame, "");
    if (command instanceof Decoded.Valid<Command> valid) {
      return Decoded.valid(command(frame, valid.value()));
    }
    Decoded.Invalid<Batch.Head> why = (Decoded.Invalid<Batch.Head>) head;
    return Decoded.invalid(
        "no message of the uplink protocol; read as a batch: " + why.reason(), why.offset());
  }

  private static Explained batch(byte[] frame, int cborBytes, Batch.Head head) {
    return explain(
        "batch",
        frame,
        "epoch",
        head.epoch(),
        "lane",
        head.lane().name().toLowerCase(Locale.ROOT),
        "bseq",
        head.bseq(),
        "rseq_first",
        head.rseqFirst(),
        "catalog",
        head.catalogRev(),
        "cbor_bytes",
        (long) cborBytes);
  }

  private static Explained catalog(byte[] frame, Catalog catalog) {
    List<Object> devices = new ArrayList<>();
    catalog.devices().forEach(device -> devices.add(device.id()));
    return explain(
        "catalog",
        frame,
        "rev",
        catalog.rev(),
        "types",
        (long) catalog.types().size(),
        "devices",
        List.copyOf(devices));
  }

  private static Explained hello(byte[] frame, Hello hello) {
    return explain(
        "hello",
        frame,
        "epoch",
        hello.epoch(),
        "boot",
        hello.boot(),
        "oldest",
        boxed(hello.oldest()),
        "next",
        boxed(hello.next()),
        "catalog",
        hello.catalogRev(),
        "config",
        hello.config(),
        "version",
        hello.version());
  }

  private static Explained acks(byte[] frame, List<Ack> acks) {
    List<Object> list = new ArrayList<>();
    for (Ack ack : acks) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("epoch", ack.epoch());
      one.put("lane", ack.lane().name().toLowerCase(Locale.ROOT));
      one.put("bseq", ack.bseq());
      one.put("now_ms", ack.nowMs());
      one.put("need_catalog", ack.needCatalog());
      list.add(one);
    }
    return explain("ack", frame, "acks", List.copyOf(list));
  }

  private static Explained command(byte[] frame, Command command) {
    return explain(
        "command",
        frame,
        "id",
        command.id(),
        "target",
        command.target(),
        "op",
        command.op(),
        "args",
        command.args(),
        "issued",
        command.issuedMs(),
        "expires",
        command.expiresMs());
  }

  private static List<Object> boxed(long[] numbers) {
    List<Object> list = new ArrayList<>();
    for (long number : numbers) {
      list.add(number);
    }
    return List.copyOf(list);
  }

  /** Fields of a compressed message have no offset of their own: all point at the body. */
  private static Explained explain(String kind, byte[] frame, Object... namesAndValues) {
    List<Field> fields = new ArrayList<>();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("message", kind);
    json.put("bytes", (long) frame.length);
    fields.add(new Field(0, 1, "coding", frame[0] == 0 ? "plain CBOR" : "DEFLATE of CBOR"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json.put((String) namesAndValues[i], namesAndValues[i + 1]);
      fields.add(
          new Field(
              1, frame.length - 1, (String) namesAndValues[i], namesAndValues[i + 1].toString()));
    }
    return new Explained(kind + ", " + frame.length + " bytes", List.copyOf(fields), json);
  }
}
