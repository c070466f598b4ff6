package io.verge.simulator.bench;

import io.verge.model.Catalog;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.proto.ProtoWriter;
import io.verge.wire.sparkplug.EdgeNode;
import io.verge.wire.thingsboard.ThingsBoard;
import java.math.BigDecimal;
import java.util.List;

/**
 * Bytes of the same samples in the words of other back ends: those that the gateway speaks as it
 * speaks them, births left out; Kura's payload by its published field numbers, one a sample, since
 * it has one time. Topics and packet headers are not counted.
 */
final class OtherForms {
  private static final int KURA_TIMESTAMP = 1;
  private static final int KURA_METRIC = 5000;
  private static final int KURA_NAME = 1;
  private static final int KURA_TYPE = 2;
  private static final int KURA_DOUBLE_VALUE = 3;
  private static final int KURA_LONG_VALUE = 5;
  private static final int KURA_DOUBLE = 0;
  private static final int KURA_INT64 = 2;

  private final Catalog catalog;
  private final EdgeNode node = new EdgeNode("street", "gw-demo", 0);

  OtherForms(Catalog catalog) {
    this.catalog = catalog;
    Stamp now = new Stamp(0, 0, 0, 0);
    node.births(catalog, device -> null, asset -> true, now).forEach(node::numbered);
  }

  int sparkplug(Batch batch) {
    return node.data(batch, catalog, now(batch)).stream()
        .mapToInt(message -> node.numbered(message).length)
        .sum();
  }

  int thingsBoard(Batch batch) {
    return ThingsBoard.telemetry(batch, catalog, now(batch)).stream()
        .mapToInt(message -> message.length)
        .sum();
  }

  private static Stamp now(Batch batch) {
    return batch.samples().get(batch.samples().size() - 1).stamp();
  }

  int kura(List<Sample> samples) {
    return samples.stream().mapToInt(sample -> kura(sample).length).sum();
  }

  private byte[] kura(Sample sample) {
    ProtoWriter payload = new ProtoWriter().varint(KURA_TIMESTAMP, sample.stamp().utcMs());
    List<PointType> points = catalog.typeOf(sample.device()).points();
    for (int p = 0; p < points.size(); p++) {
      if (sample.values()[p] == Sample.NONE) {
        continue;
      }
      PointType point = points.get(p);
      ProtoWriter metric = new ProtoWriter().text(KURA_NAME, point.name());
      if (point.decimals() == 0) {
        metric.varint(KURA_TYPE, KURA_INT64).varint(KURA_LONG_VALUE, sample.values()[p]);
      } else {
        metric
            .varint(KURA_TYPE, KURA_DOUBLE)
            .real(
                KURA_DOUBLE_VALUE,
                BigDecimal.valueOf(sample.values()[p], point.decimals()).doubleValue());
      }
      payload.message(KURA_METRIC, metric);
    }
    return payload.toBytes();
  }
}
