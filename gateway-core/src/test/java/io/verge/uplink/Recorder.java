package io.verge.uplink;

import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.store.StoredBatch;
import io.verge.uplink.UplinkTransport.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes down what a session does, and answers like a store when told to. */
final class Recorder implements Effects {
  /** A message the session sent; {@code bseq} is 0 for what is no batch. */
  record Message(Kind kind, long token, Lane lane, long bseq, byte[] bytes) {}

  record Fetch(Lane lane, long after) {}

  record Offer(long utcMs, int uncMs) {}

  final List<String> log = new ArrayList<>();
  final List<Message> sent = new ArrayList<>();
  final List<Fetch> fetches = new ArrayList<>();
  final List<Fetch> again = new ArrayList<>();
  final List<Offer> offers = new ArrayList<>();
  final List<Long> catalogs = new ArrayList<>();
  final Map<String, Long> counts = new HashMap<>();
  @Nullable Lane held;

  @Override
  public boolean holds(Lane lane) {
    return lane == held;
  }

  @Override
  public void connect(int server) {
    log.add(server == 0 ? "connect" : "connect " + server);
  }

  @Override
  public void close() {
    log.add("close");
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    boolean batch = kind == Kind.BATCH;
    sent.add(
        new Message(
            kind,
            token,
            batch ? Lane.of(message[0]) : Lane.EVENT,
            batch ? message[1] & 0xFF : 0,
            message));
    log.add("send " + kind);
  }

  @Override
  public void sendLightly(long token, byte[] batch) {
    send(Kind.BATCH, token, batch);
    log.add("lightly " + Lane.of(batch[0]) + " " + batch[1]);
  }

  @Override
  public void fetchMarks() {
    log.add("marks");
  }

  @Override
  public void fetch(Lane lane, long afterBseq) {
    fetches.add(new Fetch(lane, afterBseq));
  }

  @Override
  public void fetchAgain(Lane lane, long afterBseq) {
    again.add(new Fetch(lane, afterBseq));
  }

  @Override
  public void fetchCatalog(long rev) {
    catalogs.add(rev);
  }

  @Override
  public void acked(Lane lane, long epoch, long bseq) {
    log.add("acked " + lane + " " + bseq);
  }

  @Override
  public void refuse(Lane lane, long epoch, long bseq) {
    log.add("refused " + lane + " " + bseq);
  }

  @Override
  public void link(boolean up) {
    log.add("link " + up);
  }

  @Override
  public void offerTime(long utcMs, int uncMs) {
    offers.add(new Offer(utcMs, uncMs));
  }

  @Override
  public void note(String kind, Severity severity, Map<String, Object> details) {
    log.add("note " + kind);
  }

  @Override
  public void count(String what, long by) {
    counts.merge(what, by, Long::sum);
  }

  /** A batch whose bytes say lane and number. */
  static StoredBatch stored(Lane lane, long bseq, long rev) {
    return new StoredBatch(
        lane, bseq, bseq, 1, 1, rev, new byte[] {(byte) lane.number(), (byte) bseq});
  }

  /** Answers fetches, and those that follow, from lanes that hold batches up to {@code highest}. */
  void serve(Session session, long now, long[] highest) {
    while (!fetches.isEmpty()) {
      Fetch fetch = fetches.remove(0);
      session.batch(
          fetch.lane(),
          fetch.after(),
          fetch.after() < highest[fetch.lane().number()]
              ? Optional.of(stored(fetch.lane(), fetch.after() + 1, 1))
              : Optional.empty(),
          now);
    }
  }

  List<Long> batches(Lane lane) {
    return sent.stream()
        .filter(message -> message.kind() == Kind.BATCH && message.lane() == lane)
        .map(Message::bseq)
        .toList();
  }

  Message last(Kind kind) {
    return sent.stream()
        .filter(message -> message.kind() == kind)
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  long count(String what) {
    return counts.getOrDefault(what, 0L);
  }
}
