package io.verge.wire;

import io.verge.bytes.Decoded;
import io.verge.model.Command;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Commands: a CBOR map of {@code id}, {@code target}, {@code op}, and optionally {@code args},
 * {@code issued}, {@code expires} (milliseconds since 1970 UTC).
 */
public final class CommandCodec {
  /** Longest command message; the longest useful one is a few hundred bytes. */
  public static final int BYTES_MAX = 16 * 1024;

  private static final int ARGS_MAX = 32;
  private static final int NAME_BYTES_MAX = 64;

  private CommandCodec() {}

  public static byte[] encode(Command command) {
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put("id", command.id());
    entries.put("target", command.target());
    entries.put("op", command.op());
    if (!command.args().isEmpty()) {
      entries.put("args", command.args());
    }
    if (command.issuedMs() > 0) {
      entries.put("issued", command.issuedMs());
    }
    if (command.expiresMs() > 0) {
      entries.put("expires", command.expiresMs());
    }
    return Message.wrap(new CborWriter(128).any(entries));
  }

  /**
   * @param origin who sent it, for the audit event.
   */
  @SuppressWarnings("unchecked") // CborReader.any() makes maps with text keys only
  public static Decoded<Command> decode(byte[] message, String origin) {
    if (message.length > BYTES_MAX) {
      return Decoded.invalid(
          "command of " + message.length + " bytes, expected at most " + BYTES_MAX, 0);
    }
    Decoded<byte[]> cbor = Message.unwrap(message);
    if (!(cbor instanceof Decoded.Valid<byte[]> valid)) {
      return BatchCodec.invalid(cbor);
    }
    CborReader in = new CborReader(valid.value(), 0, Math.min(valid.value().length, BYTES_MAX));
    String id = "";
    String target = "";
    String op = "";
    Map<String, Object> args = Map.of();
    long issued = 0;
    long expires = 0;
    int entries = in.map();
    for (int e = 0; e < entries && in.isOk(); e++) {
      switch (in.text(NAME_BYTES_MAX)) {
        case "id" -> id = in.text(Command.ID_MAX);
        case "target" -> target = in.text(NAME_BYTES_MAX);
        case "op" -> op = in.text(NAME_BYTES_MAX);
        case "args" -> {
          Object any = in.peekMajor() == 5 ? in.any() : null;
          if (any instanceof Map<?, ?> map && map.size() <= ARGS_MAX) {
            args = (Map<String, Object>) map;
          } else {
            in.fail("args are not a map of at most " + ARGS_MAX);
          }
        }
        case "issued" -> issued = in.unsigned();
        case "expires" -> expires = in.unsigned();
        default -> in.any();
      }
    }
    if (in.isOk() && (id.isEmpty() || target.isEmpty() || op.isEmpty())) {
      in.fail("id, target and op are required");
    }
    return in.isAtEnd()
        ? Decoded.valid(new Command(id, target, op, args, issued, expires, origin))
        : in.invalid();
  }
}
