package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What goes out over a connection whose hello was answered: new batches (see {@link Flow}), those
 * that somebody wants once more, the catalogs they need, and what becomes of each. Knows nothing of
 * connecting: its {@link Session} asks it only while it is sending. Uplink thread only.
 */
final class Delivery {
  private final Effects effects;
  private final SessionNews news;
  private final Flow flow;
  private final long ackTimeoutNanos;
  private final boolean ackByBroker;
  private final Suspects suspects = new Suspects();
  private final CatalogErrand catalogs = new CatalogErrand();
  private final Replay replay = new Replay();
  private long progressNanos;
  private long epoch;

  /** What the other side said to the last batch it could not take; empty since it took one. */
  private String rejection = "";

  Delivery(UplinkSettings settings, Effects effects, SessionNews news, Flow flow) {
    this.effects = effects;
    this.news = news;
    this.flow = flow;
    this.ackTimeoutNanos = settings.ackTimeoutMs() * 1_000_000;
    this.ackByBroker = settings.ackByBroker();
  }

  /** Of the store that the batches come from. */
  long epoch() {
    return epoch;
  }

  /** When something was committed, or the connection came up. */
  long progressNanos() {
    return progressNanos;
  }

  void progressed(long now) {
    progressNanos = now;
  }

  /** What is in the way of batches, for people; or empty. */
  String trouble() {
    String held = suspects.words();
    return held.isEmpty() ? rejection : held;
  }

  boolean isIdle() {
    return !catalogs.isUnderWay() && replay.isIdle() && flow.isIdle();
  }

  boolean awaitsCatalog() {
    return catalogs.isUnderWay();
  }

  /** When {@link #check} wants to be called. */
  long dueNanos() {
    long due = Math.min(catalogs.due(ackTimeoutNanos), flow.due(ackTimeoutNanos));
    due = Math.min(due, replay.fetchDue(ackTimeoutNanos));
    due = Math.min(due, replay.sendDue(ackTimeoutNanos));
    return catalogs.isUnderWay() ? due : Math.min(due, flow.roomDue());
  }

  /** The hello is about to be said. */
  void start(StoreMarks marks) {
    epoch = marks.epoch();
    flow.start(marks);
  }

  /** The connection is over: what was under way is lost, and the store has it still. */
  void forget() {
    flow.forget();
    catalogs.forget();
    replay.forget();
  }

  /** Nothing goes any more. */
  void end(String why) {
    replay.end(why);
  }

  /**
   * Looks whether what is under way got anywhere, and has it sent again where it did not.
   *
   * @return why the connection is of no use any more, or empty.
   */
  String check(long now) {
    if (now >= catalogs.due(ackTimeoutNanos)) {
      return "the catalog was not taken";
    }
    if (now >= replay.sendDue(ackTimeoutNanos)) {
      return "a batch that was asked for again was not taken";
    }
    if (now >= replay.fetchDue(ackTimeoutNanos)) {
      effects.count("store_silent", 1);
      replay.forget();
    }
    boolean othersMove = now - progressNanos < ackTimeoutNanos;
    for (LaneWindow lane : flow.lanes()) {
      if (now >= lane.fetchDue(ackTimeoutNanos)) {
        effects.count("store_silent", 1);
        lane.fetchLost();
      }
      if (now >= lane.ackDue(ackTimeoutNanos) && lane.isLight()) {
        flow.sendConfirmed(lane);
      } else if (now >= lane.ackDue(ackTimeoutNanos)) {
        boolean refusedForGood = isRefusedForGood(lane);
        lane.stalled(now);
        if (!othersMove) {
          effects.count("silent_links", 1);
          return "connected, but no ack for " + (now - progressNanos) / 1_000_000_000 + " s";
        }
        flow.giveUpAndResend(lane);
        if (refusedForGood) {
          lane.relieved();
        }
      }
    }
    return "";
  }

  private boolean isRefusedForGood(LaneWindow lane) {
    long bseq = lane.arrivedAlone();
    if (bseq == 0 || !suspects.inVain(lane.lane(), bseq)) {
      return false;
    }
    effects.count("batches_refused", 1);
    effects.refuse(lane.lane(), epoch, bseq);
    return true;
  }

  void pump(long now) {
    if (catalogs.isUnderWay()) {
      return;
    }
    flow.pump(now);
    Lane wanted = replay.wanted();
    if (wanted != null && flow.hasRoom() && flow.mayGo(now)) {
      effects.fetchAgain(wanted, replay.fetch(now));
    }
  }

  /** Somebody wants batches once more. */
  void replay(Replay.Range range) {
    replay.ask(range);
  }

  /** The store's answer to {@link Effects#fetchAgain}. */
  void replayed(Lane lane, long after, @Nullable StoredBatch found, long now) {
    if (catalogs.isUnderWay()) {
      replay.forget();
    } else if (replay.answered(lane, after, found, now) && found != null) {
      if (catalogs.wasBegun(found.catalogRev())) {
        flow.sendAgain(found, now);
      } else {
        // Who lost the batch may have lost its catalog; the batch is fetched again after it.
        replay.forget();
        sendCatalog(found.catalogRev(), false, now);
      }
    }
  }

  /**
   * The store's answer to {@link Effects#fetch}.
   *
   * @param after what was asked for: answers from before a resend don't fit any more.
   */
  void batch(Lane lane, long after, Optional<StoredBatch> found, long now) {
    LaneWindow window = flow.lane(lane);
    if (!window.answered(after) || catalogs.isUnderWay()) {
      return;
    }
    if (found.isEmpty()) {
      window.exhausted();
    } else if (ackByBroker && !catalogs.wasBegun(found.get().catalogRev())) {
      // Who only subscribes can't ask for it; the batch is fetched again after it.
      sendCatalog(found.get().catalogRev(), false, now);
    } else if (found.get().bseq() > after) {
      flow.send(window, found.get(), now);
    }
  }

  /** The transport has handed over a batch or a catalog. */
  void taken(Flow.Sent sent, long now) {
    if (sent.kind() == Kind.CATALOG) {
      if (catalogs.done()) {
        flow.lanes().forEach(flow::resend);
      }
    } else if (sent.isReplayed()) {
      replay.taken();
    } else if (sent.kind() == Kind.BATCH) {
      LaneWindow lane = flow.lane(sent.lane());
      long upTo = lane.taken(sent.bseq());
      if (ackByBroker && upTo > lane.acked()) {
        committed(lane, upTo, now);
      }
    }
  }

  /** The other side says that it can't take this batch. */
  void rejected(Flow.Sent sent, String reason, long now) {
    if (sent.isReplayed()) {
      replay.refused(reason);
      return;
    }
    effects.count("batches_rejected", 1);
    news.rejected(sent, reason);
    rejection = sent.lane().word() + " batch " + sent.bseq() + ": " + reason;
    progressNanos = now;
    flow.lane(sent.lane()).rejected(sent.bseq());
  }

  /** The lane's batches up to {@code bseq} are the other side's. */
  void committed(LaneWindow lane, long bseq, long now) {
    flow.acked(lane, bseq, now);
    rejection = "";
    suspects.committed(lane.lane(), bseq);
    progressNanos = now;
    effects.acked(lane.lane(), epoch, bseq);
  }

  /**
   * The other side can't read what is under way.
   *
   * @param rev of the oldest batch under way; 0: the need is older than what is under way.
   */
  void needCatalog(long rev, long now) {
    if (rev > 0 && !catalogs.isUnderWay() && !catalogs.wasBegun(rev)) {
      sendCatalog(rev, true, now);
    }
  }

  private void sendCatalog(long rev, boolean needed, long now) {
    catalogs.begin(rev, needed, now);
    effects.fetchCatalog(rev);
  }
}
