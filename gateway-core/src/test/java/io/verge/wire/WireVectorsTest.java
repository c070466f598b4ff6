package io.verge.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.bytes.Hex;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import io.verge.model.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Messages made by an independent encoder from the protocol's text. Two of them stand here; the
 * rest is read from the folder beside a checkout where it is present.
 */
class WireVectorsTest {
  static final String TWO_OF_THREE =
      "008c011b112233445566778802020203830018320718641b000000042aec5300818800820001028403010200008419"
          + "025d012620841864000000841a0001e24001395f87018080";

  @Test
  void twoDevicesOfThree() {
    byte[] message = hex(TWO_OF_THREE);
    Batch batch = BatchCodec.decode(message, VectorCatalog.CATALOG).orThrow();
    assertThat(batch.epoch()).isEqualTo(0x1122334455667788L);
    assertThat(batch.samples()).hasSize(4);
    assertThat(batch.samples().get(2).device()).isEqualTo(4);
    assertThat(batch.samples().get(2).stamp().utcMs()).isEqualTo(1_790_000_000_500L);
    assertThat(batch.samples().get(3).values()).containsExactly(597, 100, 99001);
    Batch again =
        BatchCodec.decode(BatchCodec.encode(batch, VectorCatalog.CATALOG), VectorCatalog.CATALOG)
            .orThrow();
    assertThat(again).isEqualTo(batch);
  }

  @Test
  void everyVectorDecodesExactlyAndIsReadBack() throws IOException {
    Path file =
        Path.of(System.getProperty("verge.root", ".."), "..", "shared", "vectors", "wire.jsonl");
    assumeTrue(Files.exists(file), "no bulk vectors beside the checkout");
    int seen = 0;
    for (String line : Files.readAllLines(file)) {
      JsonObject vector = JsonParser.parseString(line).getAsJsonObject();
      byte[] message = hex(vector.get("message").getAsString());
      Batch.Head head = BatchCodec.head(message).orThrow();
      Catalog catalog = catalog(vector.getAsJsonObject("catalog"), head.catalogRev());
      Batch batch = BatchCodec.decode(message, catalog).orThrow();
      String id = vector.get("id").getAsString();
      assertThat(described(batch, catalog))
          .as(id)
          .isEqualTo(expected(vector.getAsJsonArray("samples")));
      assertThat(
              BatchCodec.decode(
                  hex("00" + vector.get("plain").getAsString().substring(2)), catalog))
          .as(id + ", plain")
          .isEqualTo(BatchCodec.decode(message, catalog));
      Batch again = BatchCodec.decode(BatchCodec.encode(batch, catalog), catalog).orThrow();
      assertThat(described(again, catalog)).as(id + ", ours").isEqualTo(described(batch, catalog));
      seen++;
    }
    assertThat(seen).isGreaterThan(5);
  }

  private static List<String> described(Batch batch, Catalog catalog) {
    List<String> lines = new ArrayList<>();
    for (Sample sample : batch.samples()) {
      StringBuilder line = new StringBuilder(catalog.devices().get(sample.device()).id());
      line.append(' ')
          .append(sample.stamp().hasUtc() ? sample.stamp().utcMs() : sample.stamp().monoMs())
          .append(" q")
          .append(sample.quality().code());
      for (long value : sample.values()) {
        line.append(' ').append(value == Sample.NONE ? "null" : Long.toString(value));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static List<String> expected(JsonArray samples) {
    List<String> lines = new ArrayList<>();
    for (JsonElement element : samples) {
      JsonObject sample = element.getAsJsonObject();
      StringBuilder line = new StringBuilder(sample.get("device").getAsString());
      line.append(' ')
          .append(sample.get("t_ms").getAsLong())
          .append(" q")
          .append(sample.get("quality").getAsInt());
      for (JsonElement value : sample.getAsJsonArray("values")) {
        line.append(' ').append(value.isJsonNull() ? "null" : value.getAsString());
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static Catalog catalog(JsonObject json, long rev) {
    List<DeviceType> types = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("types")) {
      JsonArray type = element.getAsJsonArray();
      List<PointType> points = new ArrayList<>();
      for (JsonElement p : type.get(2).getAsJsonArray()) {
        JsonArray point = p.getAsJsonArray();
        points.add(
            PointType.gauge(
                point.get(0).getAsString(), point.get(1).getAsString(), point.get(2).getAsInt()));
      }
      types.add(new DeviceType(type.get(0).getAsString(), type.get(1).getAsLong(), points));
    }
    List<Device> devices = new ArrayList<>();
    for (JsonElement element : json.getAsJsonArray("devices")) {
      JsonArray device = element.getAsJsonArray();
      devices.add(new Device(device.get(0).getAsInt(), device.get(1).getAsString()));
    }
    return new Catalog(rev, types, devices);
  }

  static byte[] hex(String text) {
    return Hex.parse(text).orThrow();
  }
}
