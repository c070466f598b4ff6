package io.verge.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.bytes.Hex;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The vectors published beside the protocol's text, {@code docs/vectors/uplink.jsonl}: each is a
 * catalog message, a batch message and its meaning, and the meaning is written down from the values
 * that went in, not from our decoder. With {@code -Dverge.vectors=write} the file is written anew.
 */
class PublishedVectorsTest {
  private static final Path DOCS =
      Path.of(System.getProperty("verge.root", ".."), "gateway-core/docs");
  private static final Path FILE = DOCS.resolve("vectors/uplink.jsonl");
  private static final long EPOCH = 0x1122334455667788L;
  private static final long UTC = 1_790_000_000_000L;
  private static final int BOOT = 7;
  private static final Catalog CATALOG = VectorCatalog.CATALOG;

  private record Vector(String id, Batch batch) {}

  private static Sample at(int device, long ms, long... values) {
    return new Sample(device, new Stamp(BOOT, ms, UTC + ms, 100), Quality.GOOD, values, null);
  }

  private static Batch telemetry(long bseq, List<Sample> samples) {
    Clk clk = new Clk(false, 100, BOOT);
    return new Batch(
        EPOCH, Lane.TELEMETRY, bseq, 1, CATALOG.rev(), clk, 100, samples, List.of(), List.of());
  }

  private static List<Vector> vectors() {
    List<Vector> vectors = new ArrayList<>();
    vectors.add(new Vector("one sample", telemetry(1, List.of(at(0, 0, 605, 100, 123_456)))));
    vectors.add(
        new Vector(
            "two of three lamps, two samples each; the last 200 ms late",
            telemetry(
                2,
                List.of(
                    at(0, 0, 605, 100, 123_456),
                    at(0, 60_000, 603, 100, 123_457),
                    at(4, 500, 599, 100, 99_000),
                    at(4, 60_700, 597, 100, 99_001)))));
    vectors.add(
        new Vector(
            "no value, and values that are all 0: null changes no difference",
            telemetry(
                3,
                List.of(
                    at(0, 0, Sample.NONE, 0, 5),
                    at(0, 60_000, 600, 0, 6),
                    at(2, 100, Sample.NONE, 0, Sample.NONE),
                    at(4, 200, 610, 0, -7)))));
    vectors.add(new Vector("a failed poll, and one suspect reading", telemetry(4, qualities())));
    vectors.add(new Vector("three types, unequal counts", telemetry(5, threeTypes())));
    vectors.add(new Vector("long enough to be deflated", telemetry(6, long_())));
    Sample early =
        new Sample(
            3, new Stamp(9, 12_345, Stamp.NO_UTC, 0), Quality.GOOD, new long[] {1_234_567}, null);
    vectors.add(
        new Vector(
            "before the clock was trusted: times since the start of boot 9",
            new Batch(
                EPOCH,
                Lane.METER,
                1,
                1,
                CATALOG.rev(),
                new Clk(true, 0, 9),
                1,
                List.of(early),
                List.of(),
                List.of())));
    vectors.add(new Vector("events, one with details, and a gap", events()));
    return vectors;
  }

  private static List<Sample> qualities() {
    byte[] perPoint = {0, 0, (byte) Quality.SUSPECT.code()};
    Stamp stamp = new Stamp(BOOT, 60_000, UTC + 60_000, 100);
    return List.of(
        Sample.failed(0, new Stamp(BOOT, 0, UTC, 100), Quality.TIMEOUT, 3),
        new Sample(0, stamp, Quality.GOOD, new long[] {600, 80, 40}, perPoint));
  }

  private static List<Sample> threeTypes() {
    return List.of(
        at(0, 0, 605, 100, 123_456),
        at(0, 60_000, 603, 100, 123_457),
        at(2, 1_000, 0, 0, 5_000),
        at(1, 300, 62, 946),
        at(5, 700, 9, 1_847),
        at(3, 0, 8_812_345));
  }

  private static List<Sample> long_() {
    Random random = new Random(1);
    List<Sample> samples = new ArrayList<>();
    for (int device : new int[] {0, 2, 4}) {
      long energy = 10_000L * device;
      for (int n = 0; n < 40; n++) {
        energy += random.nextInt(3);
        samples.add(
            at(
                device,
                60_000L * n + 100L * random.nextInt(3),
                600 + random.nextInt(5),
                100,
                energy));
      }
    }
    return samples;
  }

  private static Batch events() {
    Stamp then = new Stamp(BOOT, 20, UTC + 20, 100);
    return new Batch(
        EPOCH,
        Lane.EVENT,
        12,
        40,
        CATALOG.rev(),
        new Clk(false, 100, BOOT),
        1,
        List.of(),
        List.of(
            new Event(then, "bus.down", Severity.WARNING, Event.NO_DEVICE, Map.of()),
            new Event(
                new Stamp(BOOT, 1_520, UTC + 1_520, 100),
                "command.done",
                Severity.INFO,
                2,
                Map.of("id", "demo-1"))),
        List.of(new Gap(Lane.TELEMETRY, 3, 9, 1_001, 2_400, "full", UTC - 90_000, UTC, 9_800)));
  }

  private static Map<String, Object> meaning(Batch batch) {
    Map<String, Object> meaning = new LinkedHashMap<>();
    meaning.put("epoch", batch.epoch());
    meaning.put("lane", batch.lane().number());
    meaning.put("bseq", batch.bseq());
    meaning.put("rseq", batch.rseqFirst());
    meaning.put("clock", batch.clk().sinceBoot() ? "boot" : "utc");
    meaning.put("unc_ms", batch.clk().uncMs());
    meaning.put("boot", batch.clk().boot());
    meaning.put("samples", batch.samples().stream().map(PublishedVectorsTest::sample).toList());
    meaning.put("events", batch.events().stream().map(PublishedVectorsTest::event).toList());
    meaning.put("gaps", batch.gaps().stream().map(PublishedVectorsTest::gap).toList());
    return meaning;
  }

  private static long time(Stamp stamp) {
    return stamp.hasUtc() ? stamp.utcMs() : stamp.monoMs();
  }

  private static Map<String, Object> sample(Sample sample) {
    Map<String, Object> meaning = new LinkedHashMap<>();
    List<PointType> points =
        CATALOG.types().get(CATALOG.devices().get(sample.device()).type()).points();
    List<Object> values = new ArrayList<>();
    for (int p = 0; p < points.size(); p++) {
      long value = sample.values()[p];
      values.add(
          value == Sample.NONE
              ? null
              : BigDecimal.valueOf(value, points.get(p).decimals()).toPlainString());
    }
    meaning.put("device", CATALOG.devices().get(sample.device()).id());
    meaning.put("t_ms", time(sample.stamp()));
    meaning.put("quality", sample.quality().code());
    meaning.put("values", values);
    Map<String, Object> differing = new LinkedHashMap<>();
    for (int p = 0; p < points.size(); p++) {
      if (sample.qualityOf(p) != sample.quality()) {
        differing.put(points.get(p).name(), sample.qualityOf(p).code());
      }
    }
    if (!differing.isEmpty()) {
      meaning.put("point_quality", differing);
    }
    return meaning;
  }

  private static Map<String, Object> event(Event event) {
    Map<String, Object> meaning = new LinkedHashMap<>();
    meaning.put("t_ms", time(event.stamp()));
    meaning.put("kind", event.kind());
    meaning.put("severity", event.severity().number());
    meaning.put(
        "device",
        event.device() == Event.NO_DEVICE ? null : CATALOG.devices().get(event.device()).id());
    meaning.put("details", event.details());
    return meaning;
  }

  private static List<Object> gap(Gap gap) {
    return List.of(
        gap.lane().number(),
        gap.bseqFirst(),
        gap.bseqLast(),
        gap.rseqFirst(),
        gap.rseqLast(),
        gap.reason(),
        gap.firstMs(),
        gap.lastMs(),
        Map.of("readings", gap.readings()));
  }

  private static String line(Vector vector) {
    Gson gson = new GsonBuilder().serializeNulls().create();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", vector.id());
    line.put("catalog", Hex.plain(CatalogCodec.encode(CATALOG)));
    line.put("batch", Hex.plain(BatchCodec.encode(vector.batch(), CATALOG)));
    line.put("meaning", meaning(vector.batch()));
    return gson.toJson(line);
  }

  @Test
  void thePublishedFileIsWhatTheEncoderMakes() throws IOException {
    String wanted =
        vectors().stream()
            .map(PublishedVectorsTest::line)
            .collect(Collectors.joining("\n", "", "\n"));
    if ("write".equals(System.getProperty("verge.vectors"))) {
      Files.writeString(FILE, wanted);
    }
    assertThat(Files.readString(FILE))
        .as("after a change of the encoder: run this test once with -Dverge.vectors=write")
        .isEqualTo(wanted);
  }

  @Test
  void eachIsReadBack() {
    for (Vector vector : vectors()) {
      byte[] message = BatchCodec.encode(vector.batch(), CATALOG);
      Batch read = BatchCodec.decode(message, CATALOG).orThrow();
      assertThat(meaning(read)).as(vector.id()).isEqualTo(meaning(vector.batch()));
    }
  }
}
