package io.verge.simulator.faults;

import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Every call into SQLite fails by turns, twice in a row, from the opening of a store that holds
 * something to its closing. The store must say so, go on when the fault ends, deliver everything
 * once, and be sound.
 */
final class CallStage {
  /** SQLite's result codes. */
  private static final Map<String, Integer> CODES = Map.of("I/O error", 10, "full", 13, "busy", 5);

  private static final int LENGTH = 2;

  private final Path folder;
  private final int step;
  private final KillStage.Progress progress;

  /**
   * @param folder an empty one.
   * @param step every n-th call is failed.
   */
  CallStage(Path folder, int step, KillStage.Progress progress) {
    this.folder = folder;
    this.step = step;
    this.progress = progress;
  }

  /** One result an error. */
  List<StageResult> run() throws IOException, SQLException {
    java.util.logging.Logger complaints = java.util.logging.Logger.getLogger("io.verge.store");
    java.util.logging.Level before = complaints.getLevel();
    complaints.setLevel(java.util.logging.Level.OFF);
    FailingDriver driver = FailingDriver.install((number, sql) -> sql);
    List<StageResult> results = new ArrayList<>();
    try {
      for (Map.Entry<String, Integer> code : CODES.entrySet()) {
        results.add(every(driver, code.getKey(), code.getValue()));
      }
    } finally {
      driver.remove();
      complaints.setLevel(before);
    }
    return results;
  }

  private StageResult every(FailingDriver driver, String name, int code)
      throws IOException, SQLException {
    long began = System.nanoTime();
    Verdict verdict = new Verdict();
    long failed = 0;
    long refused = 0;
    long inMemory = 0;
    boolean reached = true;
    for (long n = 1; reached; n += step) {
      Trial trial = new Trial(driver, verdict, "call " + n + " (" + name + ")");
      reached = trial.run(Files.createDirectory(folder.resolve(code + "-" + n)), n, code);
      failed += reached ? 1 : 0;
      refused += trial.refused ? 1 : 0;
      inMemory += trial.inMemory ? 1 : 0;
    }
    progress.say("calls, " + name + ": " + failed + " failed, " + verdict.line());
    String line =
        String.format(
            Locale.ROOT,
            "%d times opening or closing was refused, %d times it lived in memory and said so,"
                + " else it went on",
            refused,
            inMemory);
    return new StageResult(
        "call " + name, failed, 0, verdict, List.of(line), (System.nanoTime() - began) / 1e9);
  }

  /** Three lives of one store: before, during and after the fault. */
  private static final class Trial implements CallRun.Sink {
    private final FailingDriver driver;
    private final Verdict verdict;
    private final String what;
    private final Map<String, String> came = new HashMap<>();
    private boolean refused;
    private boolean inMemory;
    private boolean loud;

    Trial(FailingDriver driver, Verdict verdict, String what) {
      this.driver = driver;
      this.verdict = verdict;
      this.what = what;
    }

    /** Whether the workload has as many calls. */
    boolean run(Path at, long n, int code) throws SQLException {
      Path file = at.resolve("verge.db");
      driver.reset((number, sql) -> sql);
      whole(life(file, 1), 1);
      driver.reset(
          (number, sql) -> {
            if (number >= n && number < n + LENGTH) {
              throw new SQLException("[injected " + code + "] call " + number, "", code);
            }
            return sql;
          });
      refused = false;
      loud = false;
      boolean opened = life(file, 2);
      boolean reached = driver.calls() >= n;
      boolean told = loud || refused || inMemory && came.containsKey("store.volatile");
      if (reached && !told) {
        verdict.other(what + ": nobody was told");
      }
      boolean wasRefused = refused;
      driver.reset((number, sql) -> sql);
      whole(life(file, 3), 3);
      if (opened) {
        whole(true, 2);
      }
      refused = wasRefused;
      sound(file);
      return reached;
    }

    /** Whether it could be opened. */
    private boolean life(Path file, int life) {
      boolean opened = false;
      try {
        CallRun run = new CallRun(file, life, this);
        opened = true;
        inMemory |= !run.isDurable();
        run.work();
        loud |= run.failures() > 0;
        run.close();
      } catch (StoreException e) {
        refused = true;
      }
      return opened;
    }

    private void whole(boolean opened, int life) {
      if (!opened) {
        verdict.other(what + ": life " + life + " could not open the store");
        return;
      }
      for (long index = 1; index <= CallRun.COMMITS; index++) {
        expect(Lane.TELEMETRY + " " + Acquisition.identity(life, index));
        if (index <= CallRun.COMMITS / 2) {
          expect(Lane.METER + " " + Acquisition.identity(life, index));
          expect(Acquisition.eventKind(life, index));
        }
      }
    }

    private void expect(String key) {
      verdict.lost(came.containsKey(key) ? 0 : 1, what + ": " + key);
    }

    @Override
    public void sample(Lane lane, long identity, long epoch, long bseq) {
      came(lane + " " + identity, lane, epoch, bseq);
    }

    @Override
    public void event(Event event, long epoch, long bseq) {
      if (event.kind().startsWith("campaign")) {
        came(event.kind(), Lane.EVENT, epoch, bseq);
      } else {
        came.put(event.kind(), "");
      }
    }

    /** Again in the same batch is a resend, which a ledger knows; in another it is not. */
    private void came(String key, Lane lane, long epoch, long bseq) {
      String batch = epoch + " " + lane + " " + bseq;
      String before = came.putIfAbsent(key, batch);
      boolean twice = before != null && !before.equals(batch);
      verdict.duplicate(twice ? 1 : 0, what + ": " + key);
    }

    private void sound(Path file) throws SQLException {
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("PRAGMA integrity_check")) {
        String said = row.next() ? row.getString(1) : "nothing";
        if (!said.equals("ok")) {
          verdict.other(what + ": " + said);
        }
      }
    }
  }
}
