package io.verge.runtime;

import io.verge.health.WrittenBytes;
import io.verge.local.CardView;
import io.verge.model.Stamp;
import io.verge.store.StoreWorker;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Worker;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what the store's card is told to write, across restarts, and says how long it lasts. */
final class CardWatch implements Worker {
  /** Under which name the store keeps the count. */
  static final String OWNER = "card/written";

  private static final Logger LOG = LoggerFactory.getLogger(CardWatch.class);
  private static final long LOOK_NANOS = 60_000_000_000L;

  /** A look kept is itself written: once an hour, and at a stop. */
  private static final int LOOKS_A_KEEP = 60;

  /**
   * Times a card of unknown kind can be written from end to end. Flash of three bits a cell stands
   * some hundred to three thousand erasures, and for small writes a card erases more than it is
   * told; so this is low on purpose.
   */
  private static final long ASSUMED_FULL_WRITES = 100;

  private static final long DAY_MS = 86_400_000;

  private final Card card;
  private final long endurance;
  private final StoreWorker store;
  private final Stamper stamper;
  private final Bell bell = new Bell();
  private WrittenBytes written;
  private int looks;
  private boolean isBroken;
  private volatile @Nullable CardView view;

  /**
   * @param endurance bytes the card stands in its life, by its data sheet; 0: nobody said.
   * @param kept what the store has under {@link #OWNER}.
   */
  CardWatch(Card card, long endurance, long[] kept, StoreWorker store, Stamper stamper) {
    this.card = card;
    this.endurance = endurance;
    this.store = store;
    this.stamper = stamper;
    this.written = WrittenBytes.of(kept);
  }

  /** The latest; null before the first look. Any thread. */
  @Nullable CardView view() {
    return view;
  }

  @Override
  public String name() {
    return "card";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  @Override
  public long step(long nowNanos) {
    look();
    if (looks++ % LOOKS_A_KEEP == 0) {
      store.keep(OWNER, written.numbers());
    }
    return nowNanos + LOOK_NANOS;
  }

  private void look() {
    try {
      Stamp now = stamper.now();
      written =
          written.seen(
              Math.max(1, now.boot()),
              now.monoMs() / 1000,
              card.writtenBytes(),
              now.hasUtc() ? Math.floorDiv(now.utcMs(), DAY_MS) : WrittenBytes.NO_DAY);
      view = judge();
      isBroken = false;
    } catch (IOException | NumberFormatException e) {
      if (!isBroken) {
        LOG.warn("{} can't be watched: {}", card.name(), e.getMessage());
      }
      isBroken = true;
      view = null;
    }
  }

  private CardView judge() throws IOException {
    long size = card.bytes();
    long stands = endurance > 0 ? endurance : size * ASSUMED_FULL_WRITES;
    long perDay = written.perDay();
    OptionalInt used = card.usedPercent();
    return new CardView(
        card.name(),
        size,
        written.today(),
        perDay == 0 ? null : perDay,
        stands,
        endurance == 0,
        perDay == 0 ? null : stands / perDay,
        used.isPresent() ? used.getAsInt() : null);
  }

  @Override
  public void close() {
    look();
    store.keep(OWNER, written.numbers());
  }
}
