package io.verge.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ThreadCrewTest {
  /** Counts its steps; breaks when told. */
  private static class Counting implements Worker {
    final Bell bell = new Bell();
    final AtomicInteger steps = new AtomicInteger();
    final CountDownLatch closed = new CountDownLatch(1);
    volatile CountDownLatch next = new CountDownLatch(1);

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public Bell bell() {
      return bell;
    }

    @Override
    public long step(long nowNanos) throws Exception {
      steps.incrementAndGet();
      next.countDown();
      return NEVER;
    }

    @Override
    public void close() throws Exception {
      closed.countDown();
    }
  }

  private final List<Throwable> broken = new CopyOnWriteArrayList<>();
  private final CountDownLatch told = new CountDownLatch(1);
  private final ThreadCrew crew =
      new ThreadCrew(
          new SystemTicker(),
          (worker, failure) -> {
            broken.add(failure);
            told.countDown();
          });

  @Test
  void aWorkerInOneStepForLongerThanTheLimitIsStuck() throws InterruptedException {
    CountDownLatch leave = new CountDownLatch(1);
    CountDownLatch inside = new CountDownLatch(1);
    Counting hanging =
        new Counting() {
          @Override
          public String name() {
            return "hanging";
          }

          @Override
          public long step(long nowNanos) throws Exception {
            inside.countDown();
            leave.await();
            return NEVER;
          }
        };
    crew.start(hanging);
    assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(crew.stuck(TimeUnit.HOURS.toNanos(1))).isEmpty();
    assertThat(crew.stuck(-1)).contains("hanging");
    leave.countDown();
    crew.stop(hanging);
    assertThat(crew.stuck(TimeUnit.HOURS.toNanos(1))).isEmpty();
  }

  @Test
  void everyRingOfAHundredIsHeard() throws InterruptedException {
    Counting worker = new Counting();
    crew.start(worker);
    for (int i = 0; i < 100; i++) {
      assertThat(worker.next.await(30, TimeUnit.SECONDS)).as("ring %d", i).isTrue();
      worker.next = new CountDownLatch(1);
      worker.bell.ring();
    }
    crew.stop(worker);
    assertThat(worker.closed.getCount()).isZero();
    int steps = worker.steps.get();
    worker.bell.ring();
    crew.stop(worker);
    assertThat(worker.steps.get()).isEqualTo(steps);
    assertThat(broken).isEmpty();
  }

  @Test
  void whoBreaksIsClosedAndToldAndOthersGoOn() throws InterruptedException {
    Counting good = new Counting();
    Counting bad =
        new Counting() {
          @Override
          public long step(long nowNanos) {
            throw new IllegalStateException("bug");
          }
        };
    crew.start(good);
    crew.start(bad);
    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(bad.closed.getCount()).isZero();
    assertThat(broken).singleElement().isInstanceOf(IllegalStateException.class);
    good.next = new CountDownLatch(1);
    good.bell.ring();
    assertThat(good.next.await(30, TimeUnit.SECONDS)).isTrue();
    crew.stop(bad);
    crew.stop(good);
  }

  @Test
  void anErrorInClosingIsToldToo() throws InterruptedException {
    Counting bad =
        new Counting() {
          @Override
          public void close() {
            throw new AssertionError("torn");
          }
        };
    crew.start(bad);
    crew.stop(bad);
    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(broken).singleElement().isInstanceOf(AssertionError.class);
  }
}
