package io.verge.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.model.Command;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.PointType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The vectors of every message but batches ({@code docs/vectors/messages.jsonl}), with what must be
 * refused, and the conversations ({@code receiver.jsonl}). Meanings are written down here, not read
 * from our decoder. With {@code -Dverge.vectors=write} the files are written anew.
 */
class PublishedMessagesTest {
  private static final Path DOCS =
      Path.of(System.getProperty("verge.root", ".."), "gateway-core/docs");
  private static final Path VECTORS = DOCS.resolve("vectors");
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();
  private static final long EPOCH = 77;

  private static Map<String, Object> line(
      String id, String kind, byte[] message, String key, Object value) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", id);
    line.put("kind", kind);
    line.put("message", Hex.plain(message));
    line.put(key, value);
    return line;
  }

  private static Map<String, Object> catalogMeaning() {
    List<Object> types = new ArrayList<>();
    for (DeviceType type : VectorCatalog.CATALOG.types()) {
      List<Object> points = new ArrayList<>();
      for (PointType point : type.points()) {
        points.add(List.of(point.name(), point.unit(), point.decimals(), point.kind().word()));
      }
      types.add(List.of(type.name(), type.periodMs(), points));
    }
    List<Object> devices = new ArrayList<>();
    for (Device device : VectorCatalog.CATALOG.devices()) {
      devices.add(List.of(device.type(), device.id()));
    }
    return Map.of(
        "rev",
        3,
        "types",
        types,
        "sha256",
        Hex.plain(CatalogCodec.sha256(VectorCatalog.CATALOG)),
        "devices",
        devices);
  }

  /** Keys in one order, so that the file has one form. */
  private static Map<String, Object> ordered(Map<String, Object> entries) {
    return new java.util.TreeMap<>(entries);
  }

  private static List<Map<String, Object>> messages() {
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(
        line(
            "the catalog of all vectors",
            "catalog",
            CatalogCodec.encode(VectorCatalog.CATALOG),
            "meaning",
            ordered(catalogMeaning())));
    all.add(ack("an ack", new Ack(EPOCH, Lane.METER, 300, 0, false), 1, 77, 1, 300));
    all.add(
        ack(
            "an ack with the back end's clock",
            new Ack(EPOCH, Lane.TELEMETRY, 70_000, 1_790_000_000_000L, false),
            1,
            77,
            2,
            70_000,
            1_790_000_000_000L));
    all.add(
        ack(
            "nothing committed yet, and the catalog is wanted",
            new Ack(EPOCH, Lane.EVENT, 0, 0, true),
            1,
            77,
            0,
            0,
            0,
            "catalog"));
    all.add(
        line(
            "three acks in one message",
            "acks",
            AckCodec.encodeAll(
                List.of(
                    new Ack(EPOCH, Lane.EVENT, 1, 0, false),
                    new Ack(EPOCH, Lane.METER, 2, 0, false),
                    new Ack(EPOCH, Lane.TELEMETRY, 3, 0, false))),
            "meaning",
            List.of(List.of(1, 77, 0, 1), List.of(1, 77, 1, 2), List.of(1, 77, 2, 3))));
    all.add(
        line(
            "hello: lane event at 5 of 5, meters behind by 3, telemetry from the beginning",
            "hello",
            HelloCodec.encode(
                new Hello(
                    EPOCH, 7, new long[] {5, 10, 1}, new long[] {5, 13, 400}, 3, "c-19", "0.1.0")),
            "meaning",
            List.of(
                1,
                77,
                7,
                List.of(List.of(5, 5), List.of(10, 13), List.of(1, 400)),
                3,
                "c-19",
                "0.1.0")));
    all.add(
        command(
            "lamp 17 to 40 % for half an hour, from a sender that knows the time",
            new Command(
                "9f1c",
                "lamp-17",
                "set-level",
                Map.of("level", 40L, "for", 1_800L),
                1_790_000_000_000L,
                1_790_000_060_000L,
                ""),
            Map.of(
                "id",
                "9f1c",
                "target",
                "lamp-17",
                "op",
                "set-level",
                "args",
                ordered(Map.of("level", 40, "for", 1_800)),
                "issued",
                1_790_000_000_000L,
                "expires",
                1_790_000_060_000L)));
    all.add(
        command(
            "back to its plan",
            new Command("9f1d", "lamp-17", "release", Map.of(), 0, 0, ""),
            Map.of("id", "9f1d", "target", "lamp-17", "op", "release")));
    all.add(
        command(
            "telemetry batches 120 to 180 once more",
            new Command(
                "9f1e",
                "gateway",
                "resend",
                Map.of("lane", 2L, "first", 120L, "last", 180L),
                0,
                0,
                ""),
            Map.of(
                "id",
                "9f1e",
                "target",
                "gateway",
                "op",
                "resend",
                "args",
                ordered(Map.of("lane", 2, "first", 120, "last", 180)))));
    all.add(
        line(
            "a gateway is there",
            "state",
            new State(true, EPOCH, 7, "0.1.0").encode(),
            "meaning",
            ordered(Map.of("online", true, "epoch", 77, "boot", 7, "version", "0.1.0"))));
    refusals().forEach((id, message) -> all.add(line(id, "batch", message, "refuse", true)));
    return all;
  }

  private static Map<String, Object> ack(String id, Ack ack, Object... meaning) {
    return line(id, "ack", AckCodec.encode(ack), "meaning", List.of(meaning));
  }

  private static Map<String, Object> command(
      String id, Command command, Map<String, Object> meaning) {
    return line(id, "command", CommandCodec.encode(command), "meaning", ordered(meaning));
  }

  /** A batch with one sample of the first lamp, and {@code times} and {@code power} as given. */
  private static CborWriter one(int version, int type, String which, long[] times, long[] power) {
    CborWriter out = new CborWriter(64).array(12).unsigned(version);
    out.unsigned(EPOCH).unsigned(2).unsigned(1).unsigned(1).unsigned(3);
    out.array(3).unsigned(0).unsigned(50).unsigned(7);
    out.unsigned(100).integer(17_900_000_000L).array(1).array(8).unsigned(type);
    if (which.equals("first")) {
      out.unsigned(1);
    } else {
      out.array(1).unsigned(Long.parseLong(which));
    }
    out.unsigned(1);
    numbers(out, times).unsigned(0);
    numbers(out, power).unsigned(0).unsigned(0);
    return out.array(0).array(0);
  }

  private static CborWriter numbers(CborWriter out, long[] numbers) {
    out.array(numbers.length);
    for (long number : numbers) {
      out.integer(number);
    }
    return out;
  }

  private static byte[] plain(CborWriter cbor, int... more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0);
    out.writeBytes(cbor.toBytes());
    for (int b : more) {
      out.write(b);
    }
    return out.toByteArray();
  }

  private static byte[] deflated(byte[] cbor, int... more) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(cbor);
    deflater.finish();
    byte[] buffer = new byte[cbor.length + 64];
    int length = deflater.deflate(buffer);
    deflater.end();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(1);
    out.write(buffer, 0, length);
    for (int b : more) {
      out.write(b);
    }
    return out.toByteArray();
  }

  private static Map<String, byte[]> refusals() {
    long[] zero = {0};
    CborWriter good = one(1, 0, "first", zero, new long[] {605});
    assertThat(BatchCodec.decode(plain(good), VectorCatalog.CATALOG).isValid()).isTrue();
    Map<String, byte[]> refused = new LinkedHashMap<>();
    byte[] coding = plain(good);
    coding[0] = 2;
    refused.put("refuse: coding 2", coding);
    refused.put("refuse: a byte after the batch", plain(good, 0));
    refused.put("refuse: a byte after the DEFLATE data", deflated(good.toBytes(), 0));
    byte[] whole = plain(good);
    refused.put("refuse: cut off", java.util.Arrays.copyOf(whole, whole.length - 1));
    refused.put("refuse: inflates to more than 1 MiB", deflated(new byte[(1 << 20) + 1]));
    byte[] indefinite = plain(good, 0xFF);
    indefinite[1] = (byte) 0x9F;
    refused.put("refuse: an indefinite length", indefinite);
    refused.put("refuse: version 2", plain(one(2, 0, "first", zero, zero)));
    refused.put("refuse: a type the catalog lacks", plain(one(1, 9, "first", zero, zero)));
    refused.put("refuse: a device the catalog lacks", plain(one(1, 0, "3", zero, zero)));
    refused.put("refuse: two times for one sample", plain(one(1, 0, "first", new long[2], zero)));
    refused.put("refuse: two values for one sample", plain(one(1, 0, "first", zero, new long[2])));
    refused.put("refuse: columns of another type", plain(one(1, 1, "first", zero, zero)));
    refused.put(
        "refuse: a value beyond 2^53",
        plain(one(1, 0, "first", zero, new long[] {(1L << 53) + 1})));
    return refused;
  }

  private static String text(List<Map<String, Object>> lines) {
    return lines.stream().map(GSON::toJson).collect(Collectors.joining("\n", "", "\n"));
  }

  private static void isPublished(String name, List<Map<String, Object>> lines) throws IOException {
    String wanted = text(lines);
    if ("write".equals(System.getProperty("verge.vectors"))) {
      Files.writeString(VECTORS.resolve(name), wanted);
    }
    assertThat(Files.readString(VECTORS.resolve(name)))
        .as("after a change of the encoder: run this test once with -Dverge.vectors=write")
        .isEqualTo(wanted);
  }

  @Test
  void thePublishedMessagesAreWhatTheEncodersMake() throws IOException {
    isPublished("messages.jsonl", messages());
  }

  @Test
  void thePublishedConversationsAreWhatTheEncodersMake() throws IOException {
    isPublished("receiver.jsonl", Conversations.all());
  }

  @Test
  void whatMustBeRefusedIs() {
    refusals()
        .forEach(
            (id, message) ->
                assertThatThrownBy(
                        () -> BatchCodec.decode(message, VectorCatalog.CATALOG).orThrow())
                    .as(id)
                    .isInstanceOf(RuntimeException.class));
  }

  @Test
  void commandsAndCatalogsAreReadBack() {
    for (Map<String, Object> line : messages()) {
      byte[] message = WireVectorsTest.hex(String.valueOf(line.get("message")));
      String kind = String.valueOf(line.get("kind"));
      if (kind.equals("command")) {
        Decoded<Command> read = CommandCodec.decode(message, "");
        assertThat(CommandCodec.encode(read.orThrow())).isEqualTo(message);
      } else if (kind.equals("catalog")) {
        assertThat(CatalogCodec.decode(message).orThrow()).isEqualTo(VectorCatalog.CATALOG);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"python3, check.py", "node, check.mjs"})
  void theReferenceReceiversAgree(String program, String script) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    program,
                    DOCS.resolve("receivers").resolve(script).toString(),
                    VECTORS.toString()))
            .redirectErrorStream(true);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      abort(program + " is not installed: " + script + " is not tried");
      return;
    }
    String printed = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(printed).endsWith("all vectors agree\n");
    assertThat(process.exitValue()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"verge_uplink.py", "verge-uplink.mjs", "verge-receiver.mjs"})
  void theReferenceReceiversStayShort(String script) throws IOException {
    assertThat(Files.readAllLines(DOCS.resolve("receivers").resolve(script))).hasSizeLessThan(120);
  }
}
