package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Lane;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkRatesTest {
  private static final List<String> UPLINKS = List.of("city", "operator");

  @TempDir(factory = RamDir.class)
  private Path folder = Path.of("unset");

  @Test
  void theSlowestLinkSetsTheSizeAndARestartKeepsIt() throws StoreException {
    Path file = folder.resolve("verge.db");
    LinkRates rates = new LinkRates();
    try (Store store = Store.open(file, new Random(1))) {
      rates.use(store, UPLINKS);
      assertThat(rates.batchBytes()).isEqualTo(Store.BATCH_BYTES_MAX);
      rates.set(store, "operator", 1_000_000);
      assertThat(rates.batchBytes()).isEqualTo(Store.BATCH_BYTES_MAX);
      rates.set(store, "city", 8000);
      assertThat(rates.batchBytes()).isEqualTo(12_000);
      rates.set(store, "city", 9000);
      assertThat(rates.batchBytes()).as("a small change").isEqualTo(12_000);
      rates.set(store, "city", 100);
      assertThat(rates.batchBytes()).isEqualTo(4096);
    }
    try (Store store = Store.open(file, new Random(1))) {
      LinkRates again = new LinkRates();
      again.use(store, UPLINKS);
      assertThat(again.batchBytes()).isEqualTo(4096);
      LinkRates without = new LinkRates();
      without.use(store, List.of("operator"));
      assertThat(without.batchBytes()).isEqualTo(Store.BATCH_BYTES_MAX);
    }
  }

  @Test
  void batchesAreNoLargerThanAsked() throws StoreException {
    try (Store store = Store.open(folder.resolve("verge.db"), new Random(1))) {
      store.useCatalog(Samples.CATALOG);
      Random random = new Random(2);
      for (int i = 0; i < 40; i++) {
        store.append(Map.of(Lane.TELEMETRY, Samples.noise(random, i * 1000L, 50)), Map.of());
      }
      int batches = 0;
      Optional<StoredBatch> batch = store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED, 4096);
      while (batch.isPresent()) {
        assertThat(batch.get().message().length).isBetween(500, 4096);
        batches++;
        batch = store.seal(Lane.TELEMETRY, 100, Samples.UNTRUSTED, 4096);
      }
      assertThat(batches).isGreaterThan(3);
    }
  }
}
