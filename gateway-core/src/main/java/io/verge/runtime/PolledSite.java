package io.verge.runtime;

import io.verge.model.Catalog;
import io.verge.model.Sample;
import io.verge.store.Store;
import io.verge.store.StoreException;
import io.verge.store.StoreWorker;
import io.verge.uplink.Site;
import java.util.HashMap;
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
  private static final List<String> NAMES = List.of("usage", "keep-alive");

  /**
   * What earlier runs left for an uplink.
   *
   * @param connections how often it has connected.
   * @param numbers by what they are of.
   */
  record Kept(long connections, Map<String, long[]> numbers) {
    /** Before the store has a worker: it is asked here, on this thread. */
    static Kept of(String uplink, Store store) throws StoreException {
      long[] connections = store.kept(owner(uplink)).orElse(new long[0]);
      Map<String, long[]> numbers = new HashMap<>();
      for (String name : NAMES) {
        store.kept(owner(uplink) + "/" + name).ifPresent(found -> numbers.put(name, found));
      }
      return new Kept(connections.length == 1 ? connections[0] : 0, numbers);
    }
  }

  /** Who knows the last sample of a device. Any thread. */
  @FunctionalInterface
  interface Latest {
    @Nullable Sample of(int device);
  }

  PolledSite(Catalog catalog, Latest latest, StoreWorker store, String uplink, Kept kept) {
    this.kept = Map.copyOf(kept.numbers());
    this.catalog = catalog;
    this.latest = latest;
    this.store = store;
    this.uplink = uplink;
    this.connections = new AtomicLong(kept.connections());
  }

  /** Under which name the store keeps the count. */
  private static String owner(String uplink) {
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
