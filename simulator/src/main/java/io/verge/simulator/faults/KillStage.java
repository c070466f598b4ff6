package io.verge.simulator.faults;

import io.verge.simulator.backend.LedgerException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Kills a store process many times, then has everything delivered and closes the books. With a
 * {@link CutDisk} each kill is a power cut.
 */
final class KillStage {
  /** What every stage is told. */
  interface Progress {
    void say(String what);
  }

  private static final Ending BY_STAGE = new Ending(Ending.Kind.BY_STAGE, 0);

  private final Path work;
  private final long seed;
  private final int kills;
  private final boolean sabotage;
  private final Progress progress;
  private final Verdict verdict = new Verdict();
  private final List<Life> lives = new ArrayList<>();
  private long mayComplain;

  /**
   * @param work an empty folder, for the ledger and the processes' messages.
   */
  KillStage(Path work, long seed, int kills, boolean sabotage, Progress progress) {
    this.work = work;
    this.seed = seed;
    this.kills = kills;
    this.sabotage = sabotage;
    this.progress = progress;
  }

  /** Kill -9, on the file system of a folder. */
  StageResult kills(Path data) throws IOException, LedgerException, SQLException {
    return run("kill -9", data, Lives::kill, null, () -> {});
  }

  /** Power cuts, of a disk of its own. */
  StageResult cuts(CutDisk disk) throws IOException, LedgerException, SQLException {
    Random random = new Random(seed);
    Lives.Killer killer =
        process -> {
          disk.cut(random, survival(random));
          Lives.kill(process);
        };
    StageResult result = run("power cut", disk.folder(), killer, null, disk::restart);
    return result.with(
        String.format(
            Locale.ROOT,
            "sectors not flushed: %d lost, %d kept; flushes %d",
            disk.disk().lostSectors(),
            disk.disk().keptSectors(),
            disk.disk().flushes()));
  }

  /** The disk filled by somebody else while the store works, and emptied again; then a kill. */
  StageResult fills(CutDisk disk) throws IOException, LedgerException, SQLException {
    mayComplain++;
    try (Hog hog = new Hog(disk.folder().resolve("hog"), verdict)) {
      StageResult result = run("disk full", disk.folder(), Lives::kill, hog, hog::check);
      return result.with(
          String.format(
              Locale.ROOT,
              "filled %d times with %.1f MiB on average; commits told while full %d, afterwards %d;"
                  + " complaints %d",
              hog.fills(),
              hog.meanMib(),
              hog.commitsWhileFull(),
              hog.commitsAfter(),
              sum(Life::troubles)));
    }
  }

  /** A third of the cuts keeps nothing unflushed, the others any share of it. */
  private double survival(Random random) {
    mayComplain++;
    return random.nextInt(3) == 0 ? 0 : random.nextDouble();
  }

  private interface After {
    void ending() throws IOException;
  }

  private StageResult run(
      String name, Path data, Lives.Killer killer, Lives.@Nullable Stage stage, After after)
      throws IOException, LedgerException, SQLException {
    long began = System.nanoTime();
    Random random = new Random(seed);
    Path ledger = work.resolve("city.db");
    try (City city = new City(ledger, verdict);
        Lives one =
            new Lives(
                data,
                work.resolve("victims.log"),
                city,
                verdict,
                killer,
                stage == null ? (l, p) -> {} : stage,
                random)) {
      int life = 1;
      for (; life <= kills; life++) {
        LifePlan plan = LifePlan.of(life, random, sabotage);
        lives.add(one.run(plan, stage == null ? Ending.of(random) : BY_STAGE));
        after.ending();
        tell(name, life, city);
      }
      for (int end = life + 1; life <= end; life++) {
        LifePlan last = LifePlan.of(life, random, sabotage).delivering();
        lives.add(one.run(last, new Ending(Ending.Kind.NOT, 0)));
      }
      Books books = new Books(lives, verdict);
      books.close(ledger, city.report());
      complaints();
      return result(name, books, city, began);
    }
  }

  private void tell(String name, int life, City city) {
    if (life % Math.max(1, kills / 10) == 0) {
      progress.say(
          String.format(
              Locale.ROOT,
              "%s %d of %d: %d commits told, %d batches left, %s",
              name,
              life,
              kills,
              sum(Life::commits),
              city.batches(),
              verdict.line()));
    }
  }

  private interface Count {
    long of(Life life);
  }

  private long sum(Count count) {
    return lives.stream().mapToLong(count::of).sum();
  }

  private long having(Count count) {
    return lives.stream().filter(life -> count.of(life) > 0).count();
  }

  /** A store whose process was killed has nothing to complain of afterwards. */
  private void complaints() {
    for (Life life : lives) {
      if (life.troubles() > 0 && mayComplain == 0) {
        verdict.other("life " + life.plan().life() + ": " + life.firstTrouble());
      }
    }
  }

  private StageResult result(String name, Books books, City city, long began) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%d while opening, %d while shedding or thinning, %d with batches leaving",
            lives.stream().filter(life -> !life.hasStarted()).count(),
            having(life -> life.work(Victim.SHED) + life.work(Victim.THINNED)),
            having(life -> life.plan().isUp() ? 1 : 0)));
    lines.add(
        String.format(
            Locale.ROOT,
            "commits told while acquiring %d; batches sealed %d, trimmed %d, shed %d, thinned %d",
            sum(life -> life.plan().chunk() > 0 ? life.commits() : 0),
            sum(life -> life.work(Victim.SEALED)),
            sum(life -> life.work(Victim.TRIMMED)),
            sum(life -> life.work(Victim.SHED)),
            sum(life -> life.work(Victim.THINNED))));
    lines.add(
        String.format(
            Locale.ROOT,
            "batches left %d (%d again, all with the same bytes), committed by the city %d",
            city.batches(),
            city.resent(),
            city.counts().committed()));
    lines.add(
        String.format(
            Locale.ROOT,
            "committed %d = delivered %d + declared %d; offered and cut off before the commit %d",
            books.committed(),
            books.delivered(),
            books.declared(),
            books.neverCommitted()));
    return new StageResult(name, kills, seed, verdict, lines, (System.nanoTime() - began) / 1e9);
  }
}
