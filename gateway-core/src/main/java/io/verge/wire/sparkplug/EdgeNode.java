package io.verge.wire.sparkplug;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.Utc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway says as a Sparkplug edge node in one connection: assets are its devices, points
 * their metrics. A sample is historical where the host has been told a newer one, by a birth or by
 * data: so a backlog never becomes a current value. Readings without a value are told as null with
 * quality STALE, suspect ones as BAD. Not thread-safe.
 */
public final class EdgeNode {
  public static final String NAMESPACE = "spBv1.0";
  private static final String REBIRTH = "Node Control/Rebirth";
  private static final String BD_SEQ = "bdSeq";
  private static final String EVENT = "event";
  private static final String GAP = "gap/";

  /** Metrics in one message: some 20 KB. */
  static final int METRICS_MAX = 1000;

  private static final int SEQ_MOD = 256;
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  /**
   * A message ready but for its number, which is its place among those sent.
   *
   * @param begins it is an NBIRTH, with which numbers begin again.
   */
  public record Message(String topic, byte[] payload, boolean begins) {}

  /** What a host wants written. */
  public record Write(String device, String point, Object value) {}

  /**
   * A command of a host.
   *
   * @param rebirth it wants all births again.
   * @param timeMs when it was sent, or 0 where the host does not say.
   */
  public record Wanted(boolean rebirth, List<Write> writes, long timeMs) {
    public Wanted {
      writes = List.copyOf(writes);
    }
  }

  private record Known(long alias, String device, String point, int type, String unit) {}

  /** A device as born. */
  private static final class Born {
    final Map<String, Known> points = new LinkedHashMap<>();
    long newestMs = Long.MIN_VALUE;
  }

  private final String group;
  private final String node;
  private final long bdSeq;
  private final Map<String, Born> born = new LinkedHashMap<>();
  private final List<Known> aliases = new ArrayList<>();
  private final Born self = new Born();
  private int seq;

  /**
   * @param bdSeq number of the connection, 0..255.
   */
  public EdgeNode(String group, String node, long bdSeq) {
    this.group = group;
    this.node = node;
    this.bdSeq = bdSeq;
    known(self, "", EVENT, Metric.STRING, "");
    for (Lane lane : Lane.values()) {
      known(self, "", GAP + lane.word(), Metric.STRING, "");
      known(self, "", GAP + lane.word() + "/readings", Metric.INT64, "count");
      known(self, "", GAP + lane.word() + "/no-time", Metric.INT64, "count");
    }
  }

  public String topic(String verb) {
    return NAMESPACE + "/" + group + "/" + verb + "/" + node;
  }

  /** The payload of the will; it has no number. */
  public byte[] death(long nowMs) {
    return SparkplugCodec.encode(nowMs, List.of(Metric.named(BD_SEQ, nowMs, Metric.INT64, bdSeq)));
  }

  /** The bytes to be sent now; call it once a message, in the order of sending. */
  public byte[] numbered(Message message) {
    int number = message.begins() ? 0 : seq;
    seq = (number + 1) % SEQ_MOD;
    return SparkplugCodec.numbered(message.payload(), number);
  }

  /**
   * All births.
   *
   * @param assets which devices may be told of.
   * @param last the newest sample of a device, or null.
   * @param now with UTC.
   */
  public List<Message> births(
      Catalog catalog, IntFunction<@Nullable Sample> last, Predicate<String> assets, Stamp now) {
    List<Message> messages = new ArrayList<>();
    List<Metric> metrics = new ArrayList<>();
    metrics.add(Metric.named(BD_SEQ, now.utcMs(), Metric.INT64, bdSeq));
    metrics.add(Metric.named(REBIRTH, now.utcMs(), Metric.BOOLEAN, false));
    self.points
        .values()
        .forEach(known -> metrics.add(birth(known, now.utcMs(), null, Metric.GOOD)));
    messages.add(new Message(topic("NBIRTH"), SparkplugCodec.encode(now.utcMs(), metrics), true));
    for (int d = 0; d < catalog.devices().size(); d++) {
      if (assets.test(catalog.devices().get(d).id())) {
        learn(catalog, d);
        messages.add(birth(catalog, d, last.apply(d), now));
      }
    }
    born.forEach(
        (id, device) -> {
          if (catalog.indexOf(id) < 0) {
            messages.add(birthWithoutValues(id, device, now));
          }
        });
    return messages;
  }

  private Message birth(Catalog catalog, int index, @Nullable Sample last, Stamp now) {
    Device device = catalog.devices().get(index);
    Born as = java.util.Objects.requireNonNull(born.get(device.id()));
    long at = last == null ? Utc.LATER : Utc.ms(last.stamp(), now);
    if (last == null || !Utc.isKnown(at)) {
      return birthWithoutValues(device.id(), as, now);
    }
    as.newestMs = Math.max(as.newestMs, at);
    List<PointType> points = catalog.typeOf(index).points();
    List<Metric> metrics = new ArrayList<>();
    for (int p = 0; p < points.size(); p++) {
      Known known = java.util.Objects.requireNonNull(as.points.get(points.get(p).name()));
      metrics.add(
          birth(known, at, value(known, points.get(p), last.values()[p]), quality(last, p)));
    }
    return device("DBIRTH", device.id(), metrics, now);
  }

  private Message birthWithoutValues(String id, Born device, Stamp now) {
    device.newestMs = Math.max(device.newestMs, now.utcMs());
    List<Metric> metrics = new ArrayList<>();
    device
        .points
        .values()
        .forEach(known -> metrics.add(birth(known, now.utcMs(), null, Metric.STALE)));
    return device("DBIRTH", id, metrics, now);
  }

  private static Metric birth(Known known, long timeMs, @Nullable Object value, int quality) {
    return new Metric(
        known.point(), known.alias(), timeMs, known.type(), false, value, known.unit(), quality);
  }

  private Message device(String verb, String id, List<Metric> metrics, Stamp now) {
    return new Message(topic(verb) + "/" + id, SparkplugCodec.encode(now.utcMs(), metrics), false);
  }

  /**
   * A batch: births of devices the host does not know yet, then data.
   *
   * @param now with UTC.
   */
  public List<Message> data(Batch batch, Catalog catalog, Stamp now) {
    List<Message> messages = new ArrayList<>();
    Map<Integer, List<Sample>> ofDevice = new LinkedHashMap<>();
    for (Sample sample : batch.samples()) {
      if (Utc.isKnown(Utc.ms(sample.stamp(), now))) {
        ofDevice.computeIfAbsent(sample.device(), unused -> new ArrayList<>()).add(sample);
      }
    }
    ofDevice.forEach((device, samples) -> data(messages, catalog, device, samples, now));
    List<Metric> own = own(batch, catalog, now);
    if (!own.isEmpty()) {
      messages.add(new Message(topic("NDATA"), SparkplugCodec.encode(now.utcMs(), own), false));
    }
    return messages;
  }

  private void data(
      List<Message> messages, Catalog catalog, int device, List<Sample> samples, Stamp now) {
    String id = catalog.devices().get(device).id();
    if (learn(catalog, device)) {
      messages.add(birthWithoutValues(id, java.util.Objects.requireNonNull(born.get(id)), now));
    }
    Born as = java.util.Objects.requireNonNull(born.get(id));
    List<PointType> points = catalog.typeOf(device).points();
    List<Metric> metrics = new ArrayList<>();
    for (Sample sample : samples) {
      long at = Utc.ms(sample.stamp(), now);
      boolean historical = at <= as.newestMs;
      as.newestMs = Math.max(as.newestMs, at);
      for (int p = 0; p < points.size(); p++) {
        Known known = java.util.Objects.requireNonNull(as.points.get(points.get(p).name()));
        metrics.add(
            Metric.data(
                known.alias(),
                at,
                historical,
                value(known, points.get(p), sample.values()[p]),
                quality(sample, p)));
      }
      if (metrics.size() >= METRICS_MAX) {
        messages.add(device("DDATA", id, metrics, now));
        metrics = new ArrayList<>();
      }
    }
    if (!metrics.isEmpty()) {
      messages.add(device("DDATA", id, metrics, now));
    }
  }

  private List<Metric> own(Batch batch, Catalog catalog, Stamp now) {
    List<Metric> metrics = new ArrayList<>();
    for (Event event : batch.events()) {
      long at = Utc.ms(event.stamp(), now);
      if (Utc.isKnown(at)) {
        own(metrics, EVENT, at, GSON.toJson(told(event, catalog)));
      }
    }
    for (Gap gap : batch.gaps()) {
      own(metrics, GAP + gap.lane().word(), gap.firstMs(), gap.reason());
      own(metrics, GAP + gap.lane().word() + "/readings", gap.firstMs(), gap.readings());
    }
    long untold = Utc.untold(batch, now);
    if (untold > 0) {
      own(metrics, GAP + batch.lane().word() + "/no-time", now.utcMs(), untold);
    }
    return metrics;
  }

  private void own(List<Metric> metrics, String name, long at, Object value) {
    long alias = java.util.Objects.requireNonNull(self.points.get(name)).alias();
    boolean historical = at < self.newestMs;
    self.newestMs = Math.max(self.newestMs, at);
    metrics.add(Metric.data(alias, at, historical, value, Metric.GOOD));
  }

  private static Map<String, Object> told(Event event, Catalog catalog) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("kind", event.kind());
    told.put("severity", event.severity().number());
    if (event.device() != Event.NO_DEVICE) {
      told.put("device", catalog.devices().get(event.device()).id());
    }
    if (!event.details().isEmpty()) {
      told.put("details", event.details());
    }
    return told;
  }

  /**
   * @return whether the host has to be told something of this device.
   */
  private boolean learn(Catalog catalog, int index) {
    String id = catalog.devices().get(index).id();
    Born as = born.computeIfAbsent(id, unused -> new Born());
    boolean news = false;
    for (PointType point : catalog.typeOf(index).points()) {
      int type = point.decimals() == 0 ? Metric.INT64 : Metric.DOUBLE;
      Known before = as.points.get(point.name());
      // Once a double, always a double: batches under two catalogs may come in turns.
      if (before == null || before.type() == Metric.INT64 && type == Metric.DOUBLE) {
        known(as, id, point.name(), type, point.unit());
        news = true;
      }
    }
    return news;
  }

  private void known(Born as, String device, String point, int type, String unit) {
    Known known = new Known(aliases.size(), device, point, type, unit);
    aliases.add(known);
    as.points.put(point, known);
  }

  private static @Nullable Object value(Known known, PointType point, long value) {
    if (value == Sample.NONE) {
      return null;
    }
    return known.type() == Metric.INT64
        ? (Object) value
        : (Object) java.math.BigDecimal.valueOf(value, point.decimals()).doubleValue();
  }

  private static int quality(Sample sample, int point) {
    return switch (sample.qualityOf(point)) {
      case GOOD -> Metric.GOOD;
      case SUSPECT -> Metric.BAD;
      case TIMEOUT, GARBLED, REFUSED, BUS_DOWN -> Metric.STALE;
    };
  }

  /** Reads an NCMD or DCMD from outside. */
  public Decoded<Wanted> wanted(String topic, byte[] payload) {
    Decoded<SparkplugCodec.Payload> decoded = SparkplugCodec.decode(payload);
    if (!(decoded instanceof Decoded.Valid<SparkplugCodec.Payload> valid)) {
      Decoded.Invalid<?> invalid = (Decoded.Invalid<?>) decoded;
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    boolean toNode = topic.equals(topic("NCMD"));
    if (!toNode && !topic.startsWith(topic("DCMD") + "/")) {
      return Decoded.invalid("neither NCMD nor DCMD", 0);
    }
    String device = toNode ? "" : topic.substring(topic("DCMD").length() + 1);
    boolean rebirth = false;
    List<Write> writes = new ArrayList<>();
    for (Metric metric : valid.value().metrics()) {
      if (toNode && metric.name().equals(REBIRTH)) {
        rebirth |= Boolean.TRUE.equals(metric.value());
        continue;
      }
      Known known = find(device, metric);
      if (known == null || metric.value() == null) {
        return Decoded.invalid(
            (known == null ? "no metric " : "no value for ")
                + name(metric)
                + " of '"
                + device
                + "'",
            0);
      }
      writes.add(new Write(device, known.point(), metric.value()));
    }
    return Decoded.valid(new Wanted(rebirth, writes, valid.value().timeMs()));
  }

  private @Nullable Known find(String device, Metric metric) {
    if (device.isEmpty()) {
      return null;
    }
    if (!metric.name().isEmpty()) {
      Born as = born.get(device);
      return as == null ? null : as.points.get(metric.name());
    }
    long alias = metric.alias();
    Known known = alias >= 0 && alias < aliases.size() ? aliases.get((int) alias) : null;
    return known != null && known.device().equals(device) ? known : null;
  }

  private static String name(Metric metric) {
    return metric.name().isEmpty() ? "alias " + metric.alias() : "'" + metric.name() + "'";
  }
}
