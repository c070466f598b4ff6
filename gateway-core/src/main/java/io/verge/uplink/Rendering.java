package io.verge.uplink;

import io.verge.model.Catalog;
import io.verge.model.Stamp;
import io.verge.wire.Batch;
import io.verge.wire.senml.Senml;
import io.verge.wire.senml.SenmlCbor;
import io.verge.wire.senml.SenmlJson;
import io.verge.wire.senml.SenmlRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A batch in the words of a back end that does not speak protocol v1. */
@FunctionalInterface
interface Rendering {
  /** Records in one message: some 60 KB of JSON, below the 128 KB that large brokers take. */
  int RECORDS_MAX = 1000;

  /**
   * @return messages in the order in which they are to be sent; none if there is nothing to say.
   */
  List<byte[]> render(Batch batch, Catalog catalog, Stamp now);

  /**
   * @throws IllegalArgumentException for protocol v1, whose batches go as they are, and for
   *     dialects.
   */
  static Rendering of(UplinkSettings settings) {
    String base = settings.gateway() + "/";
    return switch (settings.codec()) {
      case SENML_JSON -> senml(records -> SenmlJson.encode(base, records));
      case SENML_CBOR -> senml(records -> SenmlCbor.encode(base, records));
      case VERGE, SPARKPLUG_B, THINGSBOARD, ALIYUN ->
          throw new IllegalArgumentException(settings.codec() + " is not one message a batch");
    };
  }

  private static Rendering senml(Function<List<SenmlRecord>, byte[]> coding) {
    return (batch, catalog, now) -> {
      List<SenmlRecord> records = Senml.records(batch, catalog, now);
      List<byte[]> messages = new ArrayList<>();
      for (int from = 0; from < records.size(); from += RECORDS_MAX) {
        messages.add(
            coding.apply(records.subList(from, Math.min(records.size(), from + RECORDS_MAX))));
      }
      return messages;
    };
  }
}
