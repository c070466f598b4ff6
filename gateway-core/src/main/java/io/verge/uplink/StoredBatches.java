package io.verge.uplink;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Event;
import io.verge.model.Sample;
import io.verge.wire.Batch;
import io.verge.wire.BatchCodec;
import io.verge.wire.CatalogCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Reads stored batches again for a back end that gets them in other words, and leaves out the
 * assets it is not to have. Uplink thread only.
 */
final class StoredBatches {
  /** A batch names the catalog it was sealed under; lanes may be at different ones. */
  private static final int CATALOGS_MAX = 64;

  /** A batch and what its indices mean. */
  record Read(Batch batch, Catalog catalog) {}

  private final Predicate<String> assets;
  private final Map<Long, Catalog> catalogs =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Catalog> eldest) {
          return size() > CATALOGS_MAX;
        }
      };

  /**
   * @param assets which may be told of; events of no asset and gaps always are.
   */
  StoredBatches(Predicate<String> assets) {
    this.assets = assets;
  }

  /**
   * @return why it can't be read, or empty.
   */
  String catalog(byte[] message) {
    Decoded<Catalog> decoded = CatalogCodec.decode(message);
    if (decoded instanceof Decoded.Invalid<Catalog> invalid) {
      return "the stored catalog: " + invalid.reason();
    }
    catalogs.put(decoded.orThrow().rev(), decoded.orThrow());
    return "";
  }

  Decoded<Read> read(byte[] message) {
    Decoded<Batch.Head> head = BatchCodec.head(message);
    if (head instanceof Decoded.Invalid<Batch.Head> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    Catalog catalog = catalogs.get(head.orThrow().catalogRev());
    if (catalog == null) {
      return Decoded.invalid(
          "catalog " + head.orThrow().catalogRev() + " did not come before it", 0);
    }
    Decoded<Batch> batch = BatchCodec.decode(message, catalog);
    if (batch instanceof Decoded.Invalid<Batch> invalid) {
      return Decoded.invalid(invalid.reason(), invalid.offset());
    }
    return Decoded.valid(new Read(filtered(batch.orThrow(), catalog), catalog));
  }

  private Batch filtered(Batch batch, Catalog catalog) {
    List<Sample> samples =
        batch.samples().stream().filter(sample -> isOpen(catalog, sample.device())).toList();
    List<Event> events =
        batch.events().stream()
            .filter(event -> event.device() == Event.NO_DEVICE || isOpen(catalog, event.device()))
            .toList();
    return new Batch(
        batch.epoch(),
        batch.lane(),
        batch.bseq(),
        batch.rseqFirst(),
        batch.catalogRev(),
        batch.clk(),
        batch.tickMs(),
        samples,
        events,
        batch.gaps());
  }

  private boolean isOpen(Catalog catalog, int device) {
    return assets.test(catalog.devices().get(device).id());
  }
}
