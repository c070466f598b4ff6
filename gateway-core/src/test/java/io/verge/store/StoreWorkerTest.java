package io.verge.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Severity;
import io.verge.model.Stamp;
import io.verge.time.Worker;
import io.verge.wire.BatchCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the worker commits, seals and moves cursors, and what it tells of the past. */
class StoreWorkerTest extends StoreWorkerFixture {
  @Test
  void eventsAreCommittedAtOnceAndReadingsWithinTheCommitInterval() {
    long commits = worker.view().commits();
    offer(Lane.TELEMETRY, 1);
    assertThat(step()).isEqualTo(nanos + 5 * SECOND);
    nanos += 4 * SECOND;
    step();
    assertThat(worker.view().commits()).isEqualTo(commits);
    nanos += SECOND;
    step();
    assertThat(worker.view().commits()).isEqualTo(commits + 1);
    assertThat(lane(Lane.TELEMETRY).journalReadings()).isEqualTo(2);
    assertThat(worker.offer(Samples.event("lamp.failed"))).isTrue();
    step();
    assertThat(worker.view().commits()).isEqualTo(commits + 2);
    offer(Lane.TELEMETRY, 1);
    worker.offer(Samples.event("lamp.failed"));
    step();
    assertThat(worker.view().commits()).as("readings go with an event").isEqualTo(commits + 3);
    assertThat(step()).isEqualTo(Worker.NEVER);
  }

  @ParameterizedTest
  @CsvSource({
    // lane, link, watched, seconds, batches
    "TELEMETRY, false, false, 86400, 0",
    "TELEMETRY, true, false, 295, 0",
    "TELEMETRY, true, false, 310, 1",
    "TELEMETRY, true, true, 70, 1",
    "METER, true, false, 310, 0",
    "METER, true, false, 910, 1",
    "METER, true, true, 70, 1",
  })
  void sealsWhen(Lane lane, boolean link, boolean watched, long seconds, long batches) {
    worker.link("city", link);
    worker.setWatched(watched);
    offer(lane, 3);
    run(seconds);
    assertThat(lane(lane).held().batches()).isEqualTo(batches);
  }

  @Test
  void eventsAreSealedAtOnceWhileALinkIsUpAndWakeTheUplink() {
    List<String> rung = new ArrayList<>();
    worker.onSealed(() -> rung.add("sealed"));
    worker.link("city", true);
    step();
    assertThat(rung).as("a clean start can wait").isEmpty();
    worker.offer(Samples.event("lamp.failed"));
    step();
    assertThat(rung).hasSize(1);
    assertThat(lane(Lane.EVENT).held().unacked()).isEqualTo(1);
  }

  @Test
  void eventsThatOnlyInformCostNoCommitAndNoBatchOfTheirOwn() {
    worker.link("city", true);
    step();
    long commits = worker.view().commits();
    Event calm = Samples.event("device.identity", Severity.INFO);
    assertThat(worker.offer(calm, "identity/a", new long[] {7})).isTrue();
    offer(Lane.TELEMETRY, 1);
    run(4);
    assertThat(worker.view().commits()).isEqualTo(commits);
    run(2);
    assertThat(worker.view().commits()).as("with the readings").isEqualTo(commits + 1);
    run(250);
    assertThat(lane(Lane.EVENT).held().batches()).isZero();
    run(60);
    assertThat(lane(Lane.EVENT).held().batches()).isEqualTo(1);
    assertThat(lane(Lane.TELEMETRY).held().batches()).isEqualTo(1);
  }

  @Test
  void fullBatchesAreSealedWithoutALink() {
    Random random = new Random(2);
    for (int i = 0; i < 40; i++) {
      Samples.noise(random, nanos / 1_000_000, 1000)
          .samples()
          .forEach(sample -> worker.offer(Lane.TELEMETRY, sample, null));
      run(6);
    }
    assertThat(lane(Lane.TELEMETRY).held().batches()).isGreaterThan(3);
    assertThat(counters.get("readings.journaled")).isEqualTo(80_000);
  }

  @Test
  void cursorsAreMonotoneAndUnknownForeignAndNeverSentNumbersAreIgnored() {
    worker.link("city", true);
    for (int i = 0; i < 3; i++) {
      offer(Lane.METER, 1);
      run(1000);
    }
    long epoch = worker.epoch();
    worker.ack("city", Lane.METER, epoch, 2);
    step();
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 2L);
    assertThat(counters.get("readings.delivered.city")).isEqualTo(4);
    worker.ack("city", Lane.METER, epoch, 1);
    worker.ack("city", Lane.METER, epoch, 2);
    step();
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 2L);
    assertThat(counters.get("readings.delivered.city")).as("counted once").isEqualTo(4);
    assertThat(counters.get("acks.ignored")).isZero();
    worker.ack("city", Lane.METER, epoch, 4);
    worker.ack("city", Lane.METER, epoch, -1);
    worker.ack("city", Lane.METER, epoch + 1, 3);
    step();
    assertThat(counters.get("acks.ignored")).isEqualTo(3);
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 2L);
    assertThat(lane(Lane.METER).held().unacked()).isEqualTo(1);
  }

  @Test
  void cursorsSurviveAnOrderlyStopAndALostCursorCostsAResendOnly() throws StoreException {
    worker.link("city", true);
    offer(Lane.METER, 1);
    run(1000);
    byte[] sent = next(Lane.METER, 0).orElseThrow().message();
    worker.ack("city", Lane.METER, worker.epoch(), 1);
    step();
    reopen(StoreSettings.BYTES_LEAST, ShedPolicy.DEFAULT, List.of("city"));
    step();
    assertThat(lane(Lane.METER).acked()).containsEntry("city", 1L);
    assertThat(next(Lane.METER, 0).orElseThrow().message()).isEqualTo(sent);
  }

  @Test
  void aStoppedDiskLosesNothingThatWasTakenAndWhatFoundNoRoomIsReported() {
    for (int i = 0; i < Inbox.SAMPLES_MAX; i++) {
      assertThat(worker.offer(Lane.TELEMETRY, Samples.sample(i, i), null)).isTrue();
    }
    assertThat(worker.offer(Lane.TELEMETRY, Samples.sample(0, 0), null)).isFalse();
    run(10);
    worker.link("city", true);
    run(1);
    List<String> kinds = new ArrayList<>();
    long after = 0;
    Optional<StoredBatch> batch;
    while ((batch = next(Lane.EVENT, after)).isPresent()) {
      BatchCodec.decode(batch.get().message(), catalog)
          .orThrow()
          .events()
          .forEach(event -> kinds.add(event.kind()));
      after = batch.get().bseq();
    }
    assertThat(kinds).contains("store.started", "store.refused");
  }

  /** Every value of the past exactly once, though it is sealed, acked and read meanwhile. */
  @Test
  void historyComesFromAckedAndUnackedBatchesAndTheJournalWhileWritingGoesOn() {
    worker.link("city", true);
    for (int i = 0; i < 40; i++) {
      offer(Lane.TELEMETRY, 1);
      run(60);
      worker.ack("city", Lane.TELEMETRY, worker.epoch(), i / 10);
    }
    assertThat(lane(Lane.TELEMETRY).journalReadings()).isPositive();
    assertThat(lane(Lane.TELEMETRY).held().batches()).isGreaterThan(4);
    long nowMs = nanos / 1_000_000;
    Stamp now = new Stamp(7, nowMs, Samples.UTC + nowMs, 10);
    HistoryQuery half =
        new HistoryQuery(Lane.TELEMETRY, "lamp-1", "power", now, 20 * 60_000L + 1_000, 0);
    assertThat(past(half, true)).hasSize(20);
    HistoryQuery all = new HistoryQuery(Lane.TELEMETRY, "lamp-1", "power", now, 86_400_000, 0);
    List<Long> ages = past(all, true).stream().map(r -> all.ageMs(r.stamp())).toList();
    assertThat(ages).hasSize(40).doesNotHaveDuplicates();
    assertThat(past(new HistoryQuery(Lane.TELEMETRY, "lamp-9", "power", now, 86_400_000, 0), false))
        .isEmpty();
  }

  private List<HistorySlice.Reading> past(HistoryQuery query, boolean writing) {
    List<HistorySlice.Reading> found = new ArrayList<>();
    HistorySlice.Mark mark = HistorySlice.Mark.START;
    while (mark != null) {
      List<HistorySlice> slices = new ArrayList<>();
      worker.history(query, mark, slices::add);
      if (writing) {
        worker.offer(Samples.event("lamp.failed"));
        worker.offer(Lane.TELEMETRY, Samples.sample(query.now().monoMs() + 60_000_000, 1), null);
      }
      long commits = counters.get("readings.journaled");
      run(301);
      assertThat(slices).as("one slice, and writing goes on").hasSize(1);
      assertThat(counters.get("readings.journaled") - commits).isEqualTo(writing ? 2 : 0);
      slices.get(0).readings().stream().filter(r -> r.value() != 1).forEach(found::add);
      mark = slices.get(0).next();
    }
    return found;
  }
}
