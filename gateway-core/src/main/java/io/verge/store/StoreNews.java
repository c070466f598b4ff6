package io.verge.store;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.time.Stamper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the store has to say about itself, as events that it stores and delivers like any other. */
final class StoreNews {
  /** What a start has to say, before somebody listens. */
  private static final int EARLY_MAX = 16;

  private final Inbox inbox;
  private final Stamper stamper;
  private final Counters counters;
  private final long maxBytes;
  private final List<Event> early = new ArrayList<>();
  private @Nullable Consumer<Event> listener;

  StoreNews(Inbox inbox, Stamper stamper, Counters counters, long maxBytes) {
    this.inbox = inbox;
    this.stamper = stamper;
    this.counters = counters;
    this.maxBytes = maxBytes;
  }

  /** Has each event told, what a start said first. */
  void listener(Consumer<Event> other) {
    early.forEach(other);
    early.clear();
    listener = other;
  }

  void note(String kind, Severity severity, Map<String, Object> details) {
    Event event = new Event(stamper.now(), kind, severity, Event.NO_DEVICE, details);
    if (!inbox.offer(event)) {
      counters.increment("events.no_room");
    }
    Consumer<Event> told = listener;
    if (told != null) {
      told.accept(event);
    } else if (early.size() < EARLY_MAX) {
      early.add(event);
    }
  }

  /**
   * @param quarantined where a damaged store was put aside, or null.
   */
  void started(Store store, @Nullable String quarantined) {
    if (quarantined != null) {
      note("store.quarantined", Severity.CRITICAL, Map.of("file", quarantined));
    }
    if (!store.isDurable()) {
      note(
          "store.volatile",
          Severity.CRITICAL,
          Map.of("why", "the disk can't be written: a stop loses what is not delivered"));
    }
    reportJournal(store);
    Map<String, Object> details = new HashMap<>();
    details.put("clean", store.wasClean());
    details.put("epoch", store.epoch());
    Stamp last = store.lastStop().stamp();
    if (last != null) {
      details.put("last_boot", last.boot());
      details.put("last_mono_ms", last.monoMs());
      if (last.hasUtc()) {
        details.put("last_utc_ms", last.utcMs());
      }
    }
    note("store.started", store.wasClean() ? Severity.INFO : Severity.WARNING, details);
  }

  private void reportJournal(Store store) {
    JournalKeeper.Report report = store.journalReport();
    if (report == null) {
      return;
    }
    Map<String, Object> details = new HashMap<>();
    details.put("why", report.finding().why());
    details.put("pages", report.finding().pages());
    details.put("commits", report.finding().records());
    details.put("samples", report.finding().samples());
    details.put("newest", report.finding().newest());
    if (report.aside() != null) {
      details.put("file", report.aside());
    }
    note("store.journal_damaged", Severity.CRITICAL, details);
  }

  /** Commits go on without the file, in the database. */
  void journal(Store store, long nowNanos) throws StoreException {
    String why = store.takeJournalTrouble();
    if (why != null) {
      counters.increment("store.journal_failures");
      note("store.journal_failed", Severity.ERROR, Map.of("why", why));
    } else if (store.restoreJournal(nowNanos)) {
      note("store.journal_restored", Severity.INFO, Map.of());
    }
  }

  void shedding(Lane lane, long readings) {
    note(
        "store.shedding",
        Severity.WARNING,
        Map.of("lane", lane.word(), "readings", readings, "limit", maxBytes));
  }

  /** What the inbox had no room for. */
  void refused() {
    Inbox.Refused refused = inbox.takeRefused();
    if (refused.samples() + refused.events() > 0) {
      note(
          "store.refused",
          Severity.ERROR,
          Map.of(
              "samples", refused.samples(),
              "readings", refused.readings(),
              "events", refused.events()));
    }
  }

  /**
   * A search of a damaged store has ended.
   *
   * @param why it could not be searched to its end, or empty.
   */
  void salvaged(Path file, Salvage.Progress end, String why) {
    Map<String, Object> details = new HashMap<>();
    details.put("file", file.toString());
    details.put("batches", end.batches());
    details.put("rows", end.rows());
    details.put("unreadable", end.unreadable());
    if (!why.isEmpty()) {
      details.put("why", why);
    }
    note("store.salvaged", Severity.WARNING, details);
  }
}
