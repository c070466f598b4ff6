package io.verge.simulator.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** All stages of {@code verge faults store}, one after the other, and their table. */
final class StoreCampaign {
  /** How much of each. */
  record Wanted(long seed, int kills, int cuts, int fills, int calls, boolean sabotage) {}

  private final PrintStream out;
  private final PrintStream err;
  private final Wanted wanted;
  private final List<StageResult> results = new ArrayList<>();
  private boolean skipped;

  StoreCampaign(PrintStream out, PrintStream err, Wanted wanted) {
    this.out = out;
    this.err = err;
    this.wanted = wanted;
  }

  /** Whether every stage ran and none found anything wrong. */
  boolean run() throws Exception {
    Path folder = Files.createTempDirectory("verge-faults");
    say("seed " + wanted.seed() + ", in " + folder);
    try {
      if (wanted.kills() > 0) {
        kills(Files.createDirectory(folder.resolve("kills")));
      }
      if (wanted.cuts() > 0) {
        cuts(Files.createDirectory(folder.resolve("cuts")));
      }
      if (wanted.fills() > 0) {
        fills(Files.createDirectory(folder.resolve("fills")));
      }
      if (wanted.calls() > 0) {
        results.addAll(
            new CallStage(Files.createDirectory(folder.resolve("calls")), wanted.calls(), this::say)
                .run());
      }
    } finally {
      StageTable.print(out, results);
    }
    boolean clean = results.stream().allMatch(result -> result.verdict().isClean());
    if (clean) {
      clear(folder);
    } else {
      say("kept: " + folder);
    }
    return clean && !skipped;
  }

  private void kills(Path work) throws Exception {
    Path data = Files.createDirectory(work.resolve("data"));
    results.add(
        new KillStage(work, wanted.seed(), wanted.kills(), wanted.sabotage(), this::say)
            .kills(data));
  }

  private void cuts(Path work) throws Exception {
    CutDisk disk;
    try {
      disk = CutDisk.open();
    } catch (IOException | UnsatisfiedLinkError e) {
      skip("no power cuts: need root, /dev/fuse, loop devices, e2fsprogs", e);
      return;
    }
    try (disk) {
      results.add(
          new KillStage(work, wanted.seed(), wanted.cuts(), wanted.sabotage(), this::say)
              .cuts(disk));
    }
  }

  private void fills(Path work) throws Exception {
    CutDisk disk;
    try {
      disk = CutDisk.open();
    } catch (IOException | UnsatisfiedLinkError e) {
      skip("no full disks: need root, /dev/fuse, loop devices, e2fsprogs", e);
      return;
    }
    try (disk) {
      results.add(new KillStage(work, wanted.seed(), wanted.fills(), false, this::say).fills(disk));
    }
  }

  private void skip(String what, Throwable why) {
    skipped = true;
    say(what + " (" + why.getMessage() + ")");
  }

  private void say(String what) {
    err.println("faults: " + what);
    err.flush();
  }

  private static void clear(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
