package io.verge.store;

import java.util.HashMap;
import java.util.Map;

/**
 * How large a batch may become, by what the slowest link was last seen to carry: one that takes
 * long keeps events waiting, which can't overtake it. Survives restarts. Store thread only.
 */
final class LinkRates {
  private static final String OWNER = "rate/";

  /** One batch on the slowest link, in milliseconds. */
  private static final long BATCH_MS = 1500;

  /** Below it every reading costs far more bytes. */
  private static final int BYTES_LEAST = 4 * 1024;

  private final Map<String, Long> rates = new HashMap<>();

  void use(Store store, Iterable<String> uplinks) throws StoreException {
    for (String uplink : uplinks) {
      long[] kept = store.kept(OWNER + uplink).orElse(new long[0]);
      if (kept.length == 1 && kept[0] > 0) {
        rates.put(uplink, kept[0]);
      }
    }
  }

  void set(Store store, String uplink, long bytesPerSecond) throws StoreException {
    Long known = rates.get(uplink);
    if (known != null && bytesPerSecond < 2 * known && known < 2 * bytesPerSecond) {
      return;
    }
    rates.put(uplink, bytesPerSecond);
    store.keep(OWNER + uplink, new long[] {bytesPerSecond});
  }

  /** Where no rate is known, the largest. */
  int batchBytes() {
    long slowest = rates.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    return slowest >= Store.BATCH_BYTES_MAX
        ? Store.BATCH_BYTES_MAX
        : (int) Math.min(Store.BATCH_BYTES_MAX, Math.max(BYTES_LEAST, slowest * BATCH_MS / 1000));
  }
}
