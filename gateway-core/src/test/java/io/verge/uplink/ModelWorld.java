package io.verge.uplink;

import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.poll.SampleSink;
import io.verge.store.BatchSource;
import io.verge.store.StoreMarks;
import io.verge.store.StoredBatch;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.WallClock;
import io.verge.wire.Ack;
import io.verge.wire.AckCodec;
import io.verge.wire.HelloCodec;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One worker between a model store and a model back end, under virtual time on one thread. The link
 * loses, doubles, delays and reorders, and breaks. The back end commits mark + 1 only.
 */
final class ModelWorld implements BatchSource, SampleSink, Ticker, WallClock {
  static final long EPOCH = 0x5555AAAA0000FFFFL;
  private static final long MS = 1_000_000;

  /** Of one moment: more is a worker that waits for nothing. */
  private static final int STEPS_MAX = 1000;

  /** Long enough to tell the rate of a link; meters' are short enough to go lightly. */
  private static final int MESSAGE_BYTES = 2000;

  private static final int SHORT_MESSAGE_BYTES = 500;

  /** Link faults, per mille. */
  record Faults(int loss, int twice, int drop, int connectFails, int reorderMs) {}

  /** What the back end never takes. */
  interface Poison {
    boolean is(Lane lane, long bseq);
  }

  private record Happening(long atNanos, long order, Runnable what) {}

  private final Random random;
  private final Faults faults;
  private final boolean ackByBroker;
  private final PriorityQueue<Happening> agenda =
      new PriorityQueue<>(
          Comparator.comparingLong(Happening::atNanos).thenComparingLong(Happening::order));
  private final long[] sealed = new long[3];
  private final long[] cursor = new long[3];
  private final long[] mark = new long[3];
  private final Set<Long> catalogs = new HashSet<>();
  private final List<List<Long>> committed =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  private final UplinkWorker worker;
  private Runnable onSealed = () -> {};
  private long nanos = 1000 * MS;
  private long order;
  private boolean rung;
  private int underWayMost;
  private int backEndRestores;
  private long commands;
  private final List<String> refused = new ArrayList<>();
  private Poison poison = (lane, bseq) -> false;
  final Counters counters = new Counters();

  ModelWorld(long seed, Faults faults, boolean ackByBroker) {
    this.random = new Random(seed);
    this.faults = faults;
    this.ackByBroker = ackByBroker;
    worker =
        new UplinkWorker(
            SessionFixture.lightly(ackByBroker),
            new Link(),
            this,
            (uplink, message) -> commands++,
            this,
            new Stamper(1, this, this),
            this,
            this,
            counters,
            random,
            "test",
            "",
            EPOCH,
            Site.NONE);
    worker.bell().attach(() -> rung = true);
  }

  UplinkWorker worker() {
    return worker;
  }

  void seal(Lane lane, int count) {
    sealed[lane.number()] += count;
    onSealed.run();
  }

  /** The back end loses its newest commits, as one restored from a copy does. */
  void restoreBackEnd(Lane lane, long toMark) {
    mark[lane.number()] = Math.min(mark[lane.number()], toMark);
    committed.get(lane.number()).removeIf(bseq -> bseq > mark[lane.number()]);
    backEndRestores++;
  }

  void poison(Poison what) {
    poison = what;
  }

  /** What the uplink gave up, in order. */
  List<String> refused() {
    return refused;
  }

  List<Long> committed(Lane lane) {
    return committed.get(lane.number());
  }

  long cursor(Lane lane) {
    return cursor[lane.number()];
  }

  int underWayMost() {
    return underWayMost;
  }

  boolean isDone() {
    for (Lane lane : Lane.values()) {
      if (cursor[lane.number()] < sealed[lane.number()]) {
        return false;
      }
    }
    return true;
  }

  void at(long atNanos, Runnable what) {
    agenda.add(new Happening(Math.max(nanos, atNanos), order++, what));
  }

  /** Runs until all is acked, or until {@code untilNanos}. */
  void run(long untilNanos) {
    long workerNanos = nanos;
    long steppedNanos = 0;
    int steps = 0;
    while (nanos < untilNanos && !(isDone() && agenda.isEmpty())) {
      if (rung || workerNanos <= nanos) {
        rung = false;
        steps = nanos == steppedNanos ? steps + 1 : 0;
        steppedNanos = nanos;
        if (steps > STEPS_MAX) {
          throw new AssertionError("the worker spins at " + nanos);
        }
        workerNanos = worker.step(nanos);
        underWayMost = Math.max(underWayMost, worker.view().underWay());
        continue;
      }
      Happening next = agenda.peek();
      if (next != null && next.atNanos() <= workerNanos) {
        agenda.remove();
        nanos = Math.max(nanos, next.atNanos());
        next.what().run();
      } else {
        nanos = workerNanos;
      }
    }
  }

  private boolean happens(int perMille) {
    return random.nextInt(1000) < perMille;
  }

  static byte[] message(Lane lane, long bseq, long rev) {
    return ByteBuffer.allocate(lane == Lane.METER ? SHORT_MESSAGE_BYTES : MESSAGE_BYTES)
        .put((byte) lane.number())
        .putLong(bseq)
        .putLong(rev)
        .array();
  }

  /** A batch ends with zeros. */
  private static byte[] standIn(Lane lane, long bseq) {
    byte[] message = message(lane, bseq, rev(bseq));
    message[message.length - 1] = 1;
    return message;
  }

  /** Ten batches a catalog revision. */
  private static long rev(long bseq) {
    return 1 + bseq / 10;
  }

  // The store.

  @Override
  public void marks(String uplink, Consumer<StoreMarks> receiver) {
    long[] oldest = new long[3];
    long[] next = new long[3];
    for (int lane = 0; lane < 3; lane++) {
      oldest[lane] = cursor[lane] + 1;
      next[lane] = sealed[lane] + 1;
    }
    StoreMarks marks = new StoreMarks(EPOCH, oldest, next, sealed.clone(), 1);
    at(nanos + MS, () -> receiver.accept(marks));
  }

  @Override
  public void next(
      String uplink, Lane lane, long afterBseq, Consumer<Optional<StoredBatch>> receiver) {
    at(
        nanos + random.nextInt(20) * MS,
        () ->
            receiver.accept(
                afterBseq < sealed[lane.number()]
                    ? Optional.of(
                        new StoredBatch(
                            lane,
                            afterBseq + 1,
                            afterBseq + 1,
                            1,
                            1,
                            rev(afterBseq + 1),
                            refused.contains(lane.word() + " " + (afterBseq + 1))
                                ? standIn(lane, afterBseq + 1)
                                : message(lane, afterBseq + 1, rev(afterBseq + 1))))
                    : Optional.empty()));
  }

  @Override
  public void ack(String uplink, Lane lane, long epoch, long bseq) {
    if (bseq > mark[lane.number()] && !ackByBroker && backEndRestores == 0) {
      throw new AssertionError("acked " + lane + " " + bseq + " which was never committed");
    }
    cursor[lane.number()] = Math.max(cursor[lane.number()], bseq);
  }

  @Override
  public void refuse(String uplink, Lane lane, long epoch, long bseq) {
    refused.add(lane.word() + " " + bseq);
  }

  @Override
  public void catalog(long rev, Consumer<Optional<byte[]>> receiver) {
    at(nanos + MS, () -> receiver.accept(Optional.of(ByteBuffer.allocate(8).putLong(rev).array())));
  }

  @Override
  public void link(String uplink, boolean up) {}

  @Override
  public void linkRate(String uplink, long bytesPerSecond) {}

  @Override
  public void onSealed(Runnable listener) {
    onSealed = listener;
  }

  // The rest of the house.

  @Override
  public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
    return true;
  }

  @Override
  public boolean offer(Event event) {
    return true;
  }

  @Override
  public boolean offer(Event event, String owner, long[] keep) {
    return offer(event);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    throw new AssertionError("a step waits");
  }

  @Override
  public long utcMs() {
    return 0;
  }

  @Override
  public boolean isTrusted() {
    return false;
  }

  @Override
  public int uncertaintyMs() {
    return 0;
  }

  @Override
  public void offer(long utcMs, int uncMs) {}

  /** Link and back end. */
  private final class Link implements UplinkTransportProvider {
    @Override
    public List<String> schemes() {
      return List.of("mqtt");
    }

    @Override
    public UplinkTransport create(UplinkSettings settings, byte[] lastWill) {
      return new Connection();
    }

    @Override
    public int defaultPort(URI uri) {
      return 1;
    }

    @Override
    public void close() {}
  }

  private final class Connection implements UplinkTransport {
    private @Nullable Listener listener;
    private long upFree;

    @Override
    public void open(Listener newListener) {
      listener = newListener;
      boolean fails = happens(faults.connectFails());
      at(
          nanos + 200 * MS,
          () -> {
            if (listener != null && fails) {
              fall(random.nextBoolean());
            } else if (listener != null) {
              listener.up();
            }
          });
    }

    private void fall(boolean refused) {
      Listener told = listener;
      listener = null;
      if (told != null) {
        told.down("broken", refused);
      }
    }

    @Override
    public void send(Kind kind, long token, byte[] message) {
      send(kind, message, () -> answer(to -> to.taken(token)));
    }

    @Override
    public void sendLightly(long token, byte[] batch) {
      send(Kind.BATCH, batch, () -> {});
    }

    private void send(Kind kind, byte[] message, Runnable confirm) {
      if (happens(faults.drop())) {
        at(nanos + 50 * MS, () -> fall(false));
        if (random.nextBoolean()) {
          return;
        }
      }
      if (happens(faults.loss())) {
        return;
      }
      upFree = Math.max(upFree, nanos) + random.nextInt(100) * MS;
      at(upFree, () -> arrived(kind, message, confirm));
      if (happens(faults.twice())) {
        at(upFree + random.nextInt(3000) * MS, () -> arrived(kind, message, confirm));
      }
    }

    private void arrived(Kind kind, byte[] message, Runnable confirm) {
      confirm.run();
      ByteBuffer bytes = ByteBuffer.wrap(message);
      switch (kind) {
        case STATE -> {}
        case HELLO -> {
          HelloCodec.decode(message).orThrow();
          for (Lane lane : Lane.values()) {
            ack(lane, false);
          }
        }
        case CATALOG -> catalogs.add(bytes.getLong());
        case BATCH -> {
          Lane lane = Lane.of(bytes.get());
          long bseq = bytes.getLong();
          boolean known = catalogs.contains(bytes.getLong());
          boolean isStandIn = message[message.length - 1] == 1;
          if (!isStandIn && poison.is(lane, bseq)) {
            return;
          }
          if (known && bseq == mark[lane.number()] + 1) {
            mark[lane.number()] = bseq;
            if (!isStandIn) {
              committed.get(lane.number()).add(bseq);
            }
          }
          ack(lane, !known && bseq > mark[lane.number()]);
        }
      }
    }

    private void ack(Lane lane, boolean need) {
      byte[] ack = AckCodec.encode(new Ack(EPOCH, lane, mark[lane.number()], 1 + nanos / MS, need));
      answer(to -> to.ack(ack));
    }

    private void answer(Consumer<Listener> what) {
      if (ackByBroker || !happens(faults.loss())) {
        long later = faults.reorderMs() == 0 ? 0 : random.nextInt(faults.reorderMs()) * MS;
        at(
            nanos + 30 * MS + later,
            () -> {
              if (listener != null) {
                what.accept(listener);
              }
            });
      }
    }

    @Override
    public long[] byteCounts() {
      return new long[] {1, 1};
    }

    @Override
    public void close() {
      listener = null;
    }
  }
}
