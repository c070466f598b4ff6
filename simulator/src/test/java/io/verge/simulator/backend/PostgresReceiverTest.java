package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same against a real PostgreSQL server of the distribution, where it is installed. */
class PostgresReceiverTest extends ReceiverRules {
  private static @Nullable PostgresServer server;
  private static int tests;

  private final int test = ++tests;
  private final Set<String> made = new HashSet<>();

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    assumeTrue(server != null, "no PostgreSQL here; as root: apt-get install postgresql");
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Override
  String where(String name) throws Exception {
    PostgresServer running = java.util.Objects.requireNonNull(server);
    String database = "t" + test + "_" + name.replace('-', '_');
    if (made.add(database)) {
      running.create(database);
    }
    return running.url(database);
  }

  @Override
  long seeds() {
    return 3;
  }

  /** Two receivers, each with all batches in an order of its own. */
  @Test
  void twoReceiversShareOneLedger() throws Exception {
    ready();
    int batches = 40;
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Long>> marks = new ArrayList<>();
      for (int r = 0; r < 2; r++) {
        long seed = r;
        marks.add(threads.submit(() -> receive(batches, new Random(seed))));
      }
      for (Future<Long> mark : marks) {
        assertThat(mark.get()).isEqualTo(batches);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(ledger.report().isWhole()).isTrue();
    assertThat(ledger.report().totalReadings()).isEqualTo(100L * batches);
  }

  private long receive(int batches, Random random) throws Exception {
    try (Ledger own = Ledger.open(where("ledger"), Ledger.Durability.FULL)) {
      Receiver one = new Receiver(own, () -> 0);
      one.hello(Messages.GATEWAY, Messages.hello());
      List<Integer> order = new ArrayList<>();
      for (int b = 0; b < batches; b++) {
        order.add(b);
      }
      long mark = 0;
      while (mark < batches) {
        Collections.shuffle(order, random);
        for (int b : order) {
          byte[] message = Messages.batch(b + 1, 1 + 20L * b, 1, List.of());
          byte[] ack = one.batch(Messages.GATEWAY, message).orElseThrow();
          assertThat(Messages.ack(ack).bseq()).isGreaterThanOrEqualTo(mark);
          mark = Messages.ack(ack).bseq();
        }
      }
      return mark;
    }
  }
}
