package io.verge.store;

import io.verge.bytes.ByteReader;
import io.verge.bytes.ByteWriter;
import io.verge.model.Event;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.wire.CborReader;
import io.verge.wire.CborWriter;
import java.util.Map;

/** An event in a journal row, all but its stamp: kind, severity, device + 1, details as CBOR. */
final class RowEvents {
  private static final int KIND_BYTES_MAX = 256;
  private static final int DETAILS_BYTES_MAX = 1 << 16;

  private RowEvents() {}

  static void write(ByteWriter out, Event event) {
    out.text(event.kind()).u8(event.severity().number()).varint(event.device() + 1L);
    out.bytes(new CborWriter(64).any(event.details()).toBytes());
  }

  @SuppressWarnings("unchecked") // CborReader.any() makes maps with text keys only
  static Event read(ByteReader in, Stamp stamp) {
    String kind = in.text(KIND_BYTES_MAX);
    Severity severity = Severity.of(in.u8());
    int device = (int) in.varint() - 1;
    byte[] cbor = in.bytes(DETAILS_BYTES_MAX);
    Object details = in.isOk() ? new CborReader(cbor, 0, cbor.length).any() : null;
    if (in.isOk() && !(details instanceof Map)) {
      in.fail("event details are not a map");
    }
    return new Event(
        stamp,
        kind,
        severity,
        device,
        details instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of());
  }
}
