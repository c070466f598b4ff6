package io.verge.wire;

import io.verge.bytes.Hex;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a receiver is told, what it must answer, and what it has stored then. */
final class Conversations {
  private static final long EPOCH = 77;
  private static final long UTC = 1_790_000_000_000L;

  private final List<Map<String, Object>> steps = new ArrayList<>();

  private Conversations() {}

  static List<Map<String, Object>> all() {
    return List.of(
        inOrder(), resends(), outOfTurn(), catalogs(), epochs(), gaps(), ownGap(), malformed());
  }

  private Conversations step(String topic, byte[] message, Object[]... acks) {
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("topic", topic);
    step.put("message", Hex.plain(message));
    List<Object> answers = new ArrayList<>();
    for (Object[] ack : acks) {
      answers.add(java.util.Arrays.asList(ack));
    }
    step.put("acks", answers);
    steps.add(step);
    return this;
  }

  private Map<String, Object> end(String id, int stored, int gaps) {
    Map<String, Object> conversation = new LinkedHashMap<>();
    conversation.put("id", id);
    conversation.put("steps", steps);
    conversation.put("stored", stored);
    conversation.put("gaps", gaps);
    return conversation;
  }

  private static Object[] ack(Lane lane, long mark) {
    return ack(EPOCH, lane, mark, null);
  }

  private static Object[] need(Lane lane, long mark) {
    return ack(EPOCH, lane, mark, "catalog");
  }

  private static Object[] ack(long epoch, Lane lane, long mark, @Nullable String need) {
    return new Object[] {epoch, lane.number(), mark, need};
  }

  private static byte[] hello(long epoch, long rev) {
    return HelloCodec.encode(
        new Hello(epoch, 7, new long[] {1, 1, 1}, new long[] {9, 9, 9}, rev, "", "0.1.0"));
  }

  private static byte[] catalog() {
    return CatalogCodec.encode(VectorCatalog.CATALOG);
  }

  private static byte[] batch(long epoch, long bseq, long rseq, Gap... gaps) {
    long at = bseq * 60_000;
    Sample sample =
        new Sample(
            0,
            new Stamp(7, at, UTC + at, 50),
            Quality.GOOD,
            new long[] {600 + bseq, 100, 10 * bseq},
            null);
    return encode(epoch, Lane.TELEMETRY, bseq, rseq, List.of(sample), List.of(), gaps);
  }

  private static byte[] event(long bseq, long rseq, Gap... gaps) {
    Event event =
        new Event(
            new Stamp(7, 20, UTC + 20, 50),
            "bus.down",
            Severity.WARNING,
            Event.NO_DEVICE,
            Map.of());
    return encode(EPOCH, Lane.EVENT, bseq, rseq, List.of(), List.of(event), gaps);
  }

  private static byte[] encode(
      long epoch,
      Lane lane,
      long bseq,
      long rseq,
      List<Sample> samples,
      List<Event> events,
      Gap[] gaps) {
    return BatchCodec.encode(
        new Batch(
            epoch, lane, bseq, rseq, 3, new Clk(false, 50, 7), 100, samples, events, List.of(gaps)),
        VectorCatalog.CATALOG);
  }

  private static Gap lost(Lane lane, long first, long last) {
    return new Gap(
        lane, first, last, first, last, "limit", UTC, UTC + 60_000, 3 * (last - first + 1));
  }

  /** A batch of one sample whose number is its own, and the mark that answers it. */
  private Conversations telemetry(long bseq, long mark) {
    return step("batch", batch(EPOCH, bseq, bseq), ack(Lane.TELEMETRY, mark));
  }

  /** Hello to who has nothing yet. */
  private Conversations hello() {
    return step(
        "hello",
        hello(EPOCH, 3),
        need(Lane.EVENT, 0),
        need(Lane.METER, 0),
        need(Lane.TELEMETRY, 0));
  }

  /** The first batch of another epoch, which has its own catalog. */
  private Conversations otherEpoch() {
    return step("batch", batch(78, 1, 1), ack(78, Lane.TELEMETRY, 0, "catalog"))
        .step("catalog", catalog())
        .step("batch", batch(78, 1, 1), ack(78, Lane.TELEMETRY, 1, null));
  }

  /** Hello without a catalog, catalog. */
  private static Conversations begun() {
    return new Conversations().hello().step("catalog", catalog());
  }

  private static Map<String, Object> inOrder() {
    return begun()
        .telemetry(1, 1)
        .telemetry(2, 2)
        .step("batch", event(1, 1), ack(Lane.EVENT, 1))
        .step(
            "hello",
            hello(EPOCH, 3),
            ack(Lane.EVENT, 1),
            ack(Lane.METER, 0),
            ack(Lane.TELEMETRY, 2))
        .end("in order, lanes apart", 3, 0);
  }

  private static Map<String, Object> resends() {
    return begun()
        .telemetry(1, 1)
        .telemetry(2, 2)
        .telemetry(2, 2)
        .telemetry(1, 2)
        .end("an ack was lost: the same batches again", 2, 0);
  }

  private static Map<String, Object> outOfTurn() {
    return begun()
        .telemetry(2, 0)
        .telemetry(1, 1)
        .telemetry(3, 1)
        .telemetry(2, 2)
        .telemetry(3, 3)
        .end("out of turn: not committed, the mark again", 3, 0);
  }

  private static Map<String, Object> catalogs() {
    return new Conversations()
        .step("catalog", catalog())
        .hello()
        .step("batch", batch(EPOCH, 1, 1), need(Lane.TELEMETRY, 0))
        .step("catalog", catalog())
        .telemetry(1, 1)
        .step(
            "hello",
            hello(78, 3),
            ack(78, Lane.EVENT, 0, "catalog"),
            ack(78, Lane.METER, 0, "catalog"),
            ack(78, Lane.TELEMETRY, 0, "catalog"))
        .otherEpoch()
        .end("a catalog before the first hello is passed over; a new epoch asks for its own", 2, 0);
  }

  private static Map<String, Object> epochs() {
    return begun()
        .telemetry(1, 1)
        .otherEpoch()
        .telemetry(1, 1)
        .telemetry(2, 2)
        .end("two epochs have marks of their own", 3, 0);
  }

  private static Map<String, Object> gaps() {
    return begun()
        .telemetry(1, 1)
        .telemetry(5, 1)
        .step("batch", event(1, 1, lost(Lane.TELEMETRY, 2, 4)), ack(Lane.EVENT, 1))
        .telemetry(5, 5)
        .step("batch", event(2, 2, lost(Lane.TELEMETRY, 8, 9)), ack(Lane.EVENT, 2))
        .telemetry(6, 6)
        .telemetry(7, 9)
        .telemetry(10, 10)
        .end("declared gaps count as there, now and later", 7, 2);
  }

  private static Map<String, Object> ownGap() {
    return begun()
        .step(
            "batch",
            batch(EPOCH, 4, 4, lost(Lane.TELEMETRY, 1, 2), lost(Lane.TELEMETRY, 3, 3)),
            ack(Lane.TELEMETRY, 4))
        .step("batch", batch(EPOCH, 7, 7, lost(Lane.TELEMETRY, 6, 6)), ack(Lane.TELEMETRY, 4))
        .end("a batch's own gaps lead up to it, or do not", 1, 2);
  }

  private static Map<String, Object> malformed() {
    return begun()
        .step("batch", new byte[] {0, 1, 2})
        .step("hello", new byte[] {7})
        .step("catalog", new byte[] {0, (byte) 0xA0})
        .telemetry(1, 1)
        .end("malformed messages are not answered and change nothing", 1, 0);
  }
}
