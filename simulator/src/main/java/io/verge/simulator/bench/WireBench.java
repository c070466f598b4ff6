package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.simulator.street.Recordings;
import io.verge.simulator.world.RecordedStreet;
import io.verge.store.Store;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.Clk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Bytes a reading and readings a second of the batch codec, over a day of telemetry of the standard
 * street as the shipped gateway acquires it, with {@link MeterNoise}; the same samples as SenML
 * packs beside it.
 */
final class WireBench {
  private static final long EPOCH = 0x5eed_0123_4567_89abL;
  private static final int TICK_MS = 100;
  private static final long MINUTE_MS = 60_000;

  private final Figures figures;
  private final long seed;
  private final int hours;

  WireBench(Figures figures, long seed, int hours) {
    this.figures = figures;
    this.seed = seed;
    this.hours = hours;
  }

  void run() throws Exception {
    figures.say("a street without a link, " + hours + " h of simulated time, seed " + seed);
    Windows street = windows(Recordings.none());
    Catalog catalog = street.catalog();
    payloads("", street);
    new WireCosts(figures, hours)
        .run(
            messages(street.minutes(), catalog),
            messages(street.fives(), catalog),
            messages(street.backlog(), catalog),
            messages(street.meters(), catalog),
            street.readings(),
            readings(flat(street.backlog())));
    recorded();
    List<Batch> batches = batches(street.fives(), catalog);
    figures.say("rates: five-minute batches, one thread");
    rates("", batches, catalog, street.readings());
    List<Batch> large = batches(street.backlog(), catalog);
    rates("_backlog", large, catalog, readings(flat(street.backlog())));
  }

  /** The street where containers and water meters show what was measured elsewhere. */
  private void recorded() throws Exception {
    Recordings recordings = Recordings.found();
    if (recordings.isEmpty()) {
      figures.say(
          "no recordings beside the checkout: no figures ending in _recorded (gateway-core/docs/"
              + "diagnoses.md names their sources)");
      return;
    }
    figures.say("the same street, containers and water as recorded");
    Windows street = windows(recordings);
    payloads("_recorded", street);
    new WireCosts(figures, hours)
        .batches(
            "_recorded",
            messages(street.minutes(), street.catalog()),
            messages(street.fives(), street.catalog()),
            messages(street.backlog(), street.catalog()),
            street.readings(),
            readings(flat(street.backlog())));
  }

  /** What goes into one batch each. */
  private record Windows(
      Catalog catalog,
      List<List<Sample>> minutes,
      List<List<Sample>> fives,
      List<List<Sample>> backlog,
      List<List<Sample>> meters,
      long readings) {}

  private Windows windows(Recordings recordings) throws Exception {
    RecordedStreet street = RecordedStreet.record(seed, hours, recordings);
    List<Sample> samples = new MeterNoise(street.catalog(), seed).added(street.samples());
    List<List<Sample>> fives = windows(samples, 5 * MINUTE_MS);
    return new Windows(
        street.catalog(),
        windows(samples, MINUTE_MS),
        fives,
        backlog(fives, street.catalog()),
        windows(street.meters(), 15 * MINUTE_MS),
        readings(samples));
  }

  private void payloads(String suffix, Windows street) {
    Catalog catalog = street.catalog();
    long n = street.readings();
    Map<String, Function<List<Sample>, Integer>> forms = new LinkedHashMap<>();
    forms.put(
        Figures.VERGE, samples -> BatchCodec.encode(batch(catalog.rev(), samples), catalog).length);
    Senml senml = new Senml(catalog);
    forms.put("senml-json", samples -> senml.json(samples).length);
    forms.put("senml-json-deflate", samples -> Senml.deflated(senml.json(samples)));
    forms.put("senml-cbor", samples -> senml.cbor(samples).length);
    forms.put("senml-cbor-deflate", samples -> Senml.deflated(senml.cbor(samples)));
    OtherForms others = new OtherForms(catalog);
    forms.put("sparkplug-b", samples -> others.sparkplug(batch(catalog.rev(), samples)));
    forms.put("thingsboard-json", samples -> others.thingsBoard(batch(catalog.rev(), samples)));
    forms.put("kura-protobuf", others::kura);
    forms.forEach(
        (who, form) -> {
          payload("payload_1m" + suffix, street.minutes(), form, who, n);
          payload("payload_5m" + suffix, street.fives(), form, who, n);
          long inBacklog = readings(flat(street.backlog()));
          payload("payload_backlog" + suffix, street.backlog(), form, who, inBacklog);
        });
  }

  private void payload(
      String figure,
      List<List<Sample>> windows,
      Function<List<Sample>, Integer> form,
      String who,
      long n) {
    long bytes = 0;
    for (List<Sample> window : windows) {
      bytes += form.apply(window);
    }
    figures.put(figure, bytes / (double) n, "B/reading", who, n, 1);
  }

  private void rates(String suffix, List<Batch> batches, Catalog catalog, long n) throws Exception {
    List<byte[]> messages = new ArrayList<>();
    batches.forEach(batch -> messages.add(BatchCodec.encode(batch, catalog)));
    Timed.Took encode =
        Timed.median(() -> batches.forEach(batch -> used(BatchCodec.encode(batch, catalog))));
    figures.put(
        "encode_rate" + suffix,
        n / encode.cpuSeconds(),
        "readings/s",
        Figures.VERGE,
        n,
        Timed.RUNS);
    Timed.Took decode =
        Timed.median(
            () -> messages.forEach(message -> used(BatchCodec.decode(message, catalog).orThrow())));
    figures.put(
        "decode_rate" + suffix,
        n / decode.cpuSeconds(),
        "readings/s",
        Figures.VERGE,
        n,
        Timed.RUNS);
  }

  /** Keeps the work from being optimised away. */
  private static void used(Object result) {
    if (result.hashCode() == 42 && result instanceof Number) {
      throw new IllegalStateException("a number, expected a message or a batch");
    }
  }

  /** The samples by the moment they were taken, in windows of this length. */
  private static List<List<Sample>> windows(List<Sample> samples, long lengthMs) {
    TreeMap<Long, List<Sample>> windows = new TreeMap<>();
    for (Sample sample : samples) {
      windows
          .computeIfAbsent(sample.stamp().utcMs() / lengthMs, unused -> new ArrayList<>())
          .add(sample);
    }
    return List.copyOf(windows.values());
  }

  /** As many samples a batch as {@link Store#BATCH_BYTES_MAX} holds; a rest is left out. */
  private static List<List<Sample>> backlog(List<List<Sample>> fives, Catalog catalog) {
    List<List<Sample>> full = new ArrayList<>();
    List<Sample> open = new ArrayList<>();
    for (List<Sample> more : fives) {
      List<Sample> longer = new ArrayList<>(open);
      longer.addAll(more);
      if (!open.isEmpty()
          && BatchCodec.encode(batch(catalog.rev(), longer), catalog).length
              > Store.BATCH_BYTES_MAX) {
        full.add(open);
        longer = new ArrayList<>(more);
      }
      open = longer;
    }
    if (full.isEmpty()) {
      throw new IllegalStateException("no full batch in that time: give more --hours");
    }
    return full;
  }

  private static List<byte[]> messages(List<List<Sample>> windows, Catalog catalog) {
    return batches(windows, catalog).stream()
        .map(batch -> BatchCodec.encode(batch, catalog))
        .toList();
  }

  private static List<Batch> batches(List<List<Sample>> windows, Catalog catalog) {
    List<Batch> batches = new ArrayList<>();
    for (List<Sample> window : windows) {
      batches.add(batch(catalog.rev(), window));
    }
    return batches;
  }

  private static Batch batch(long catalogRev, List<Sample> samples) {
    return new Batch(
        EPOCH,
        Lane.TELEMETRY,
        1000,
        100_000,
        catalogRev,
        new Clk(false, 20, 77),
        TICK_MS,
        samples,
        List.of(),
        List.of());
  }

  private static List<Sample> flat(List<List<Sample>> windows) {
    return windows.stream().flatMap(List::stream).toList();
  }

  private static long readings(List<Sample> samples) {
    return samples.stream().mapToLong(Sample::readings).sum();
  }
}
