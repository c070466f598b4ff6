package io.verge.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The search of a damaged store beside normal work: goes on where an earlier run left it, and tells
 * how it ended. Store thread only.
 */
final class Rescue {
  private final List<String> uplinks;
  private final StoreNews news;
  private @Nullable Salvage salvage;

  /**
   * @param uplinks what all of these have acked is not searched for.
   */
  Rescue(List<String> uplinks, StoreNews news) {
    this.uplinks = uplinks;
    this.news = news;
  }

  boolean isUnderWay() {
    return salvage != null;
  }

  /** Takes up the search that the store says is not at its end. */
  void resume(Store store) throws StoreException {
    Salvage.Progress found = store.salvaging();
    Path file = store.file();
    if (found.number() > 0 && file != null) {
      try {
        salvage = Salvage.open(StoreFiles.aside(file, found.number()), store, found, uplinks);
      } catch (StoreException e) {
        finish(store, found, String.valueOf(e.getMessage()));
      }
    }
  }

  /** Brings one piece over, which the journal has then. */
  void step(Store store, Seals seals, long nowNanos) throws StoreException {
    Salvage now = Objects.requireNonNull(salvage);
    boolean more = now.step();
    seals.recount(nowNanos);
    if (!more) {
      salvage = null;
      now.close();
      finish(store, now.progress(), "");
    }
  }

  private void finish(Store store, Salvage.Progress end, String why) throws StoreException {
    Path file = Objects.requireNonNull(store.file());
    store.adopt(Map.of(), null, Salvage.Progress.NONE);
    news.salvaged(StoreFiles.aside(file, end.number()), end, why);
  }

  /** Leaves the search to a later run. */
  void pause() {
    Salvage unfinished = salvage;
    if (unfinished != null) {
      unfinished.close();
      salvage = null;
    }
  }
}
