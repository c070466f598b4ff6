package io.verge.runtime;

import io.verge.model.Outcome;
import io.verge.model.Stamp;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import io.verge.update.UpdateException;
import io.verge.update.Updater;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkWorker;
import io.verge.uplink.fetch.Fetch;
import io.verge.uplink.fetch.FetchException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one ordered bundle piece by piece, goes on where it was cut off, lays it down for {@code
 * verge-update.path}, and tells what became of it. As long as a piece took it leaves the line to
 * the readings. Ends with its order.
 */
final class UpdateFetch implements Worker {
  private static final int PIECE = 16 << 10;

  /** What a power cut may have to be fetched again. */
  private static final long DURABLE_EVERY = 256 << 10;

  private static final long FIRST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long GIVE_UP_NANOS = TimeUnit.HOURS.toNanos(24);
  private static final long JUDGED_WITHIN_NANOS = TimeUnit.MINUTES.toNanos(45);

  /** The updater of the machine, as its trusted keys are now. */
  interface Updates {
    Updater updater() throws IOException, UpdateException;
  }

  /** The line of an uplink, and what its data plan pays. */
  interface PaidLine {
    UplinkSettings settings();

    /** Bytes of this month so far, both directions. */
    long used();

    void spent(long sent, long received);

    static PaidLine of(UplinkWorker uplink) {
      return new PaidLine() {
        @Override
        public UplinkSettings settings() {
          return uplink.settings();
        }

        @Override
        public long used() {
          return uplink.view().usage().total();
        }

        @Override
        public void spent(long sent, long received) {
          uplink.spent(sent, received);
        }
      };
    }
  }

  private final UpdateFiles files;
  private final PaidLine line;
  private final Updates updates;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Function<URI, Map<String, String>> fields;
  private final Consumer<Outcome> done;
  private final Bell bell = new Bell();
  private final Fetch.Bytes bytes = new Fetch.Bytes();
  private final byte[] piece = new byte[PIECE];

  private UpdateOrder order;
  private @Nullable Fetch fetch;
  private long at;
  private long durable;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long sinceNanos = Long.MIN_VALUE;
  private long toldSent;
  private long toldReceived;
  private boolean wasFetchedAnew;
  private volatile boolean ended;

  /**
   * @param fields what a request to a server carries beside the usual.
   * @param done told once, by the thread that steps this.
   */
  UpdateFetch(
      UpdateOrder order,
      UpdateFiles files,
      PaidLine line,
      Updates updates,
      Stamper stamper,
      Ticker ticker,
      Function<URI, Map<String, String>> fields,
      Consumer<Outcome> done) {
    this.order = order;
    this.files = files;
    this.line = line;
    this.updates = updates;
    this.stamper = stamper;
    this.ticker = ticker;
    this.fields = fields;
    this.done = done;
  }

  @Override
  public String name() {
    return "update";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  boolean hasEnded() {
    return ended;
  }

  String id() {
    return order.id();
  }

  @Override
  public long step(long nowNanos) {
    if (ended) {
      return NEVER;
    }
    try {
      if (sinceNanos == Long.MIN_VALUE) {
        sinceNanos = nowNanos;
        files.keep(order);
      }
      return order.isLaidDown() ? judge(nowNanos) : fetch(nowNanos);
    } catch (IOException e) {
      return end(Outcome.State.FAILED, "on the disk: " + e.getMessage());
    }
  }

  private long fetch(long nowNanos) throws IOException {
    Stamp now = stamper.now();
    if (order.expiresMs() > 0 && now.hasUtc() && now.utcMs() > order.expiresMs()) {
      return end(Outcome.State.EXPIRED, "expired with " + at + " bytes of " + order.size());
    }
    if (nowNanos - sinceNanos > GIVE_UP_NANOS) {
      return end(Outcome.State.FAILED, "not fetched within a day; " + at + " bytes are there");
    }
    int count;
    try {
      Fetch open = fetch;
      if (open == null) {
        long there = Math.min(files.fetched(), order.size());
        at = there;
        if (there == order.size()) {
          return whole(nowNanos);
        }
        URI from = URI.create(order.url());
        open =
            Fetch.open(
                line.settings(), from, there, order.size(), fields.apply(from), bytes, ticker);
        fetch = open;
        at = open.from();
        durable = at;
      }
      count = open.read(piece);
    } catch (FetchException e) {
      spend();
      return end(Outcome.State.FAILED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      spend();
      return pause(nowNanos);
    }
    spend();
    if (count == 0) {
      return whole(nowNanos);
    }
    boolean durably = at + count - durable >= DURABLE_EVERY || at + count == order.size();
    files.add(at, piece, count, durably);
    at += count;
    durable = durably ? at : durable;
    pauseNanos = FIRST_PAUSE_NANOS;
    // A slow line is left to others for as long as it was used.
    long tookNanos = ticker.nanos() - nowNanos;
    return at == order.size() ? whole(nowNanos) : ticker.nanos() + tookNanos;
  }

  private void spend() {
    long sent = bytes.sent().get();
    long received = bytes.received().get();
    line.spent(sent - toldSent, received - toldReceived);
    toldSent = sent;
    toldReceived = received;
  }

  private long pause(long nowNanos) throws IOException {
    hangUp();
    long until = nowNanos + pauseNanos;
    pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
    return until;
  }

  private void hangUp() throws IOException {
    Fetch open = fetch;
    fetch = null;
    if (open != null) {
      open.close();
    }
  }

  private long whole(long nowNanos) throws IOException {
    hangUp();
    if (!files.sum().equals(order.sha256())) {
      files.forgetPart();
      if (wasFetchedAnew) {
        return end(Outcome.State.FAILED, "what the server has does not have the ordered sum");
      }
      wasFetchedAnew = true;
      return nowNanos;
    }
    try {
      order = order.laidDown(updates.updater().check(files.part()).text());
    } catch (UpdateException e) {
      return end(Outcome.State.REJECTED, e.getMessage() + "; " + e.next());
    }
    files.keep(order);
    files.layDown();
    sinceNanos = nowNanos;
    return nowNanos + LOOK_NANOS;
  }

  private long judge(long nowNanos) throws IOException {
    if (!files.isTaken()) {
      return nowNanos - sinceNanos < JUDGED_WITHIN_NANOS
          ? nowNanos + LOOK_NANOS
          : end(Outcome.State.FAILED, "nobody took the bundle: is verge-update.path active?");
    }
    Updater.State state;
    try {
      state = updates.updater().state();
    } catch (UpdateException e) {
      return end(Outcome.State.FAILED, e.getMessage() + "; " + e.next());
    }
    if (!state.trial().isEmpty()) {
      return nowNanos + LOOK_NANOS;
    }
    if (!state.lastVersion().equals(order.version())) {
      return end(Outcome.State.FAILED, "it was refused; journalctl -u verge-update says why");
    }
    return state.outcome().equals("confirmed")
        ? end(Outcome.State.DONE, "")
        : end(Outcome.State.FAILED, state.outcome() + ": " + state.why());
  }

  private long end(Outcome.State state, String why) {
    ended = true;
    String trouble = "";
    try {
      hangUp();
      files.forget();
    } catch (IOException e) {
      trouble = "; " + e.getMessage();
    }
    Map<String, Object> details =
        order.isLaidDown() ? Map.of("version", order.version()) : Map.of("fetched", at);
    done.accept(new Outcome(state, why + trouble, details));
    return NEVER;
  }

  @Override
  public void close() throws IOException {
    hangUp();
  }
}
