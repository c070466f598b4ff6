package io.verge.wire.thingsboard;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Gap;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.Utc;
import io.verge.wire.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a gateway whose assets are ThingsBoard devices: telemetry is {@code {device: [{ts,
 * values}]}}. Readings without a value are left out; a suspect one has {@code <point>_quality}
 * beside it. Static functions; any thread.
 */
public final class ThingsBoard {
  /** Readings in one message: some 30 KB, below the 64 KiB that a ThingsBoard takes by default. */
  static final int READINGS_MAX = 1000;

  private static final int NAME_MAX = 64;

  /**
   * A call from the platform.
   *
   * @param id ThingsBoard's number of the call.
   * @param params a map, a single value, or null.
   */
  public record Rpc(String device, long id, String method, @Nullable Object params) {}

  private ThingsBoard() {}

  public static byte[] connect(String device, String type) {
    return JsonText.write(Map.of("device", device, "type", type));
  }

  /**
   * What is told of devices, at most {@link #READINGS_MAX} readings and one sample more a message.
   *
   * @param now with UTC.
   */
  public static List<byte[]> telemetry(Batch batch, Catalog catalog, Stamp now) {
    List<byte[]> messages = new ArrayList<>();
    Map<String, List<Map<String, Object>>> open = new LinkedHashMap<>();
    int readings = 0;
    for (Sample sample : batch.samples()) {
      Map<String, Object> values = values(sample, catalog);
      long at = Utc.ms(sample.stamp(), now);
      if (Utc.isKnown(at) && !values.isEmpty()) {
        add(open, catalog.devices().get(sample.device()).id(), at, values);
        readings += values.size();
      }
      if (readings >= READINGS_MAX) {
        messages.add(JsonText.write(open));
        open = new LinkedHashMap<>();
        readings = 0;
      }
    }
    for (Event event : batch.events()) {
      long at = Utc.ms(event.stamp(), now);
      if (Utc.isKnown(at) && event.device() != Event.NO_DEVICE) {
        add(open, catalog.devices().get(event.device()).id(), at, Map.of("event", told(event)));
      }
    }
    if (!open.isEmpty()) {
      messages.add(JsonText.write(open));
    }
    return messages;
  }

  private static void add(
      Map<String, List<Map<String, Object>>> open, String device, long at, Object values) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("ts", at);
    entry.put("values", values);
    open.computeIfAbsent(device, unused -> new ArrayList<>()).add(entry);
  }

  private static Map<String, Object> values(Sample sample, Catalog catalog) {
    List<PointType> points = catalog.typeOf(sample.device()).points();
    Map<String, Object> values = new LinkedHashMap<>();
    for (int p = 0; p < points.size(); p++) {
      Quality quality = sample.qualityOf(p);
      if (sample.values()[p] != Sample.NONE
          && (quality == Quality.GOOD || quality == Quality.SUSPECT)) {
        String name = points.get(p).name();
        values.put(name, JsonText.decimal(sample.values()[p], points.get(p).decimals()));
        if (quality == Quality.SUSPECT) {
          values.put(name + "_quality", quality.word());
        }
      }
    }
    return values;
  }

  private static Map<String, Object> told(Event event) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("kind", event.kind());
    told.put("severity", event.severity().number());
    told.put("details", event.details());
    return told;
  }

  /**
   * What is told of the gateway itself ({@code v1/devices/me/telemetry}): its events, and losses.
   *
   * @param now with UTC.
   */
  public static List<byte[]> own(Batch batch, Stamp now) {
    List<byte[]> messages = new ArrayList<>();
    for (Event event : batch.events()) {
      long at = Utc.ms(event.stamp(), now);
      if (Utc.isKnown(at) && event.device() == Event.NO_DEVICE) {
        messages.add(entry(at, Map.of("event", told(event))));
      }
    }
    for (Gap gap : batch.gaps()) {
      String lane = gap.lane().word();
      messages.add(
          entry(
              gap.firstMs(),
              Map.of("gap_" + lane, gap.reason(), "gap_" + lane + "_readings", gap.readings())));
    }
    long untold = Utc.untold(batch, now);
    if (untold > 0) {
      messages.add(entry(now.utcMs(), Map.of("gap_" + batch.lane().word() + "_no_time", untold)));
    }
    return messages;
  }

  private static byte[] entry(long at, Map<String, Object> values) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("ts", at);
    entry.put("values", values);
    return JsonText.write(entry);
  }

  /** Reads a call on {@code v1/gateway/rpc}: {@code {device, data: {id, method, params}}}. */
  public static Decoded<Rpc> rpc(byte[] message) {
    Decoded<Map<String, @Nullable Object>> read = JsonText.read(message);
    if (read instanceof Decoded.Invalid<Map<String, @Nullable Object>> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Map<String, @Nullable Object> call = read.orThrow();
    if (call.get("device") instanceof String device
        && device.length() <= NAME_MAX
        && call.get("data") instanceof Map<?, ?> data
        && data.get("id") instanceof Long id
        && id >= 0
        && data.get("method") instanceof String method
        && method.length() <= NAME_MAX) {
      return Decoded.valid(new Rpc(device, id, method, data.get("params")));
    }
    return Decoded.invalid("not {device, data: {id, method, params}}", 0);
  }

  /** The answer to a call. */
  public static byte[] answer(String device, long id, Map<String, ?> data) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("device", device);
    answer.put("id", id);
    answer.put("data", data);
    return JsonText.write(answer);
  }
}
