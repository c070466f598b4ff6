package io.verge.runtime;

import io.verge.model.Catalog;
import io.verge.model.Sample;
import io.verge.store.StoreWorker;
import io.verge.uplink.Site;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What one uplink's codec asks of this gateway. Any thread. */
final class PolledSite implements Site {
  private final Catalog catalog;
  private final Latest latest;
  private final StoreWorker store;
  private final String uplink;
  private final AtomicLong connections;
  private final Map<String, long[]> kept;

  /** What an uplink may have kept beside the count of its connections. */
  static final List<String> KEPT = List.of("usage", "keep-alive");

  /** Who knows the last sample of a device. Any thread. */
  @FunctionalInterface
  interface Latest {
    @Nullable Sample of(int device);
  }

  /**
   * @param connections of this uplink in earlier runs.
   * @param kept numbers of earlier runs, by their names.
   */
  PolledSite(
      Catalog catalog,
      Latest latest,
      StoreWorker store,
      String uplink,
      @Nullable Long connections,
      Map<String, long[]> kept) {
    this.kept = Map.copyOf(kept);
    this.catalog = catalog;
    this.latest = latest;
    this.store = store;
    this.uplink = uplink;
    this.connections = new AtomicLong(connections == null ? 0 : connections);
  }

  /** Under which name the store keeps the count. */
  static String owner(String uplink) {
    return "uplink/" + uplink;
  }

  @Override
  public Catalog catalog() {
    return catalog;
  }

  @Override
  public @Nullable Sample last(int device) {
    return latest.of(device);
  }

  @Override
  public long[] kept(String what) {
    return kept.getOrDefault(what, new long[0]);
  }

  @Override
  public void keep(String what, long[] numbers) {
    store.keep(owner(uplink) + "/" + what, numbers);
  }

  @Override
  public long nextConnection() {
    long number = connections.getAndIncrement();
    store.keep(owner(uplink), new long[] {number + 1});
    return number;
  }
}
