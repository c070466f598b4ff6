package io.verge.wire.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.Lane;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.Clk;
import java.util.List;
import java.util.Random;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload;
import org.junit.jupiter.api.Test;

/** Against Eclipse Tahu's reading of the same bytes. */
class EdgeNodeTest {
  private static final long UTC = 1_790_000_000_000L;
  private static final Stamp NOW = new Stamp(7, 100_000, UTC, 0);
  private static final Catalog CATALOG =
      new Catalog(
          1,
          List.of(
              new DeviceType(
                  "lamp",
                  60_000,
                  List.of(PointType.gauge("power", "W", 1), PointType.gauge("level", "%", 0)))),
          List.of(new Device(0, "lamp-1"), new Device(0, "lamp-2")));

  private final EdgeNode node = new EdgeNode("city", "gw-1", 5);

  private static Sample sample(int device, long ms, long power, long level) {
    return new Sample(
        device, new Stamp(7, 0, ms, 0), Quality.GOOD, new long[] {power, level}, null);
  }

  private static Batch batch(Sample... samples) {
    return new Batch(
        1,
        Lane.TELEMETRY,
        1,
        1,
        1,
        new Clk(false, 0, 7),
        100,
        List.of(samples),
        List.of(),
        List.of());
  }

  private List<Payload> born(Sample last) throws Exception {
    List<Payload> payloads = new java.util.ArrayList<>();
    for (EdgeNode.Message message :
        node.births(CATALOG, d -> d == 0 ? last : null, asset -> true, NOW)) {
      payloads.add(Payload.parseFrom(node.numbered(message)));
    }
    return payloads;
  }

  @Test
  void birthsNameEverything() throws Exception {
    List<Payload> births = born(sample(0, UTC - 500, 605, 80));
    assertThat(births).extracting(Payload::getSeq).containsExactly(0L, 1L, 2L);
    Payload.Metric bdSeq = births.get(0).getMetrics(0);
    assertThat(bdSeq.getName()).isEqualTo("bdSeq");
    assertThat(bdSeq.getDatatype()).isEqualTo(4);
    assertThat(bdSeq.getLongValue()).isEqualTo(5);
    Payload.Metric rebirth = births.get(0).getMetrics(1);
    assertThat(rebirth.getName()).isEqualTo("Node Control/Rebirth");
    assertThat(rebirth.hasAlias()).isFalse();
    assertThat(rebirth.getBooleanValue()).isFalse();
    Payload.Metric power = births.get(1).getMetrics(0);
    assertThat(power.getName()).isEqualTo("power");
    assertThat(power.getDatatype()).isEqualTo(10);
    assertThat(power.getDoubleValue()).isEqualTo(60.5);
    assertThat(power.getTimestamp()).isEqualTo(UTC - 500);
    assertThat(power.getProperties().getKeys(0)).isEqualTo("engUnit");
    assertThat(power.getProperties().getValues(0).getStringValue()).isEqualTo("W");
    assertThat(births.get(1).getMetrics(1).getLongValue()).isEqualTo(80);
    assertThat(births.get(2).getMetrics(0).getIsNull()).isTrue();
    assertThat(births.stream().flatMap(birth -> birth.getMetricsList().stream()))
        .filteredOn(Payload.Metric::hasAlias)
        .extracting(Payload.Metric::getAlias)
        .doesNotHaveDuplicates();
    Payload death = Payload.parseFrom(node.death(UTC));
    assertThat(death.hasSeq()).isFalse();
    assertThat(death.getMetrics(0).getLongValue()).isEqualTo(5);
  }

  @Test
  void whatIsOlderThanWhatTheHostKnowsIsHistorical() throws Exception {
    List<Payload> births = born(sample(0, UTC - 500, 605, 80));
    Sample failed = Sample.failed(0, new Stamp(7, 0, UTC + 2000, 0), Quality.TIMEOUT, 2);
    List<EdgeNode.Message> data =
        node.data(
            batch(sample(0, UTC - 60_000, 600, 80), sample(0, UTC + 1000, 610, 80), failed),
            CATALOG,
            NOW);
    assertThat(data).hasSize(1);
    assertThat(data.get(0).topic()).isEqualTo("spBv1.0/city/DDATA/gw-1/lamp-1");
    Payload payload = Payload.parseFrom(node.numbered(data.get(0)));
    assertThat(payload.getSeq()).isEqualTo(3);
    assertThat(payload.getMetricsList())
        .extracting(Payload.Metric::getIsHistorical)
        .containsExactly(true, true, false, false, false, false);
    assertThat(payload.getMetricsList()).noneMatch(Payload.Metric::hasName);
    assertThat(payload.getMetrics(2).getAlias()).isEqualTo(births.get(1).getMetrics(0).getAlias());
    assertThat(payload.getMetrics(2).getDoubleValue()).isEqualTo(61.0);
    assertThat(payload.getMetrics(4).getIsNull()).isTrue();
    assertThat(payload.getMetrics(4).getProperties().getValues(0).getIntValue()).isEqualTo(500);
  }

  @Test
  void aHostWritesByAliasOrByName() throws Exception {
    Payload.Metric level = born(sample(0, UTC, 605, 80)).get(1).getMetrics(1);
    String topic = "spBv1.0/city/DCMD/gw-1/lamp-1";
    for (Payload.Metric.Builder metric :
        List.of(
            Payload.Metric.newBuilder().setAlias(level.getAlias()).setIntValue(30),
            Payload.Metric.newBuilder().setName("level").setLongValue(30))) {
      byte[] bytes =
          Payload.newBuilder().setTimestamp(UTC).addMetrics(metric).build().toByteArray();
      assertThat(node.wanted(topic, bytes).orThrow().writes())
          .containsExactly(new EdgeNode.Write("lamp-1", "level", 30L));
      assertThat(node.wanted("spBv1.0/city/DCMD/gw-1/lamp-9", bytes))
          .isInstanceOf(Decoded.Invalid.class);
    }
    byte[] again =
        Payload.newBuilder()
            .addMetrics(
                Payload.Metric.newBuilder().setName("Node Control/Rebirth").setBooleanValue(true))
            .build()
            .toByteArray();
    assertThat(node.wanted("spBv1.0/city/NCMD/gw-1", again).orThrow().rebirth()).isTrue();
  }

  @Test
  void whateverComesIsAValueOrAReason() throws Exception {
    Payload.Metric level = born(sample(0, UTC, 605, 80)).get(1).getMetrics(1);
    byte[] good =
        Payload.newBuilder()
            .setTimestamp(UTC)
            .addMetrics(level.toBuilder().setName("level").setLongValue(30))
            .build()
            .toByteArray();
    Random random = new Random(20);
    int invalid = 0;
    for (int run = 0; run < 20_000; run++) {
      byte[] bytes =
          run % 2 == 0 ? new byte[random.nextInt(80)] : java.util.Arrays.copyOf(good, good.length);
      if (run % 2 == 0) {
        random.nextBytes(bytes);
      } else {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      }
      invalid +=
          node.wanted("spBv1.0/city/DCMD/gw-1/lamp-1", bytes) instanceof Decoded.Invalid<?> ? 1 : 0;
    }
    assertThat(invalid).isBetween(10_000, 20_000);
    assertThat(node.wanted("spBv1.0/city/NCMD/gw-1", new byte[SparkplugCodec.BYTES_MAX + 1]))
        .isInstanceOf(Decoded.Invalid.class);
  }
}
