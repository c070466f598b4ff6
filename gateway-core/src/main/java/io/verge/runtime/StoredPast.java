package io.verge.runtime;

import io.verge.local.Desk;
import io.verge.local.HistoryView;
import io.verge.local.ReadingView;
import io.verge.local.SampleView;
import io.verge.store.HistoryQuery;
import io.verge.store.HistorySlice;
import io.verge.store.StoreWorker;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A point's past as the store has it; asked for one page at a time. */
final class StoredPast implements Desk.Past {
  private final StoreWorker store;
  private final HistoryQuery query;
  private volatile HistorySlice.@Nullable Mark mark = HistorySlice.Mark.START;

  StoredPast(StoreWorker store, HistoryQuery query) {
    this.store = store;
    this.query = query;
  }

  @Override
  public void next(Consumer<Desk.Page> page) {
    store.history(
        query,
        Objects.requireNonNull(mark),
        slice -> {
          mark = slice.next();
          page.accept(
              new Desk.Page(
                  slice.readings().stream().map(this::view).toList(),
                  slice.next() != null,
                  slice.why()));
        });
  }

  private HistoryView view(HistorySlice.Reading reading) {
    long age = query.ageMs(reading.stamp());
    return new HistoryView(
        SampleView.utc(reading.stamp()),
        age < 0 ? null : age,
        ReadingView.text(reading.value(), reading.decimals()),
        reading.unit(),
        ReadingView.word(reading.quality()));
  }
}
