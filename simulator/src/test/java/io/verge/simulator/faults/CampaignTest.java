package io.verge.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The campaign in small; {@code packaging/faults store} is the whole. */
class CampaignTest {
  private static final KillStage.Progress SILENT = what -> {};

  @TempDir private Path folder = Path.of("unset");

  @Test
  void killedProcessesLoseNothing() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    StageResult result = new KillStage(folder, 5, 10, false, SILENT).kills(data);
    assertThat(result.verdict().examples()).isEmpty();
    assertThat(result.lines()).isNotEmpty();
  }

  /** Without its fsyncs the store must fail the same campaign, or the campaign proves nothing. */
  @Test
  void powerCutsOfAStoreThatDoesNotFlushAreNoticed() throws Exception {
    try (CutDisk disk = disk()) {
      Files.createDirectory(folder.resolve("broken"));
      StageResult broken = new KillStage(folder.resolve("broken"), 5, 4, true, SILENT).cuts(disk);
      assertThat(broken.verdict().count(Verdict.Wrong.LOST)).isPositive();
    }
    try (CutDisk disk = disk()) {
      Files.createDirectory(folder.resolve("whole"));
      StageResult whole = new KillStage(folder.resolve("whole"), 5, 4, false, SILENT).cuts(disk);
      assertThat(whole.verdict().examples()).isEmpty();
    }
  }

  @Test
  void everyFortiethCallFails() throws Exception {
    for (StageResult result : new CallStage(folder, 40, SILENT).run()) {
      assertThat(result.verdict().examples()).as(result.name()).isEmpty();
      assertThat(result.faults()).as(result.name()).isGreaterThan(8);
    }
  }

  private static CutDisk disk() {
    try {
      return CutDisk.open();
    } catch (IOException | UnsatisfiedLinkError e) {
      Assumptions.abort("no disk whose power can be cut: " + e.getMessage());
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aCutLosesWhatWasNotFlushedAndOnlyThat() {
    VolatileDisk disk = new VolatileDisk(8 * VolatileDisk.SECTOR);
    byte[] ones = new byte[4 * VolatileDisk.SECTOR];
    java.util.Arrays.fill(ones, (byte) 1);
    assertThat(disk.write(0, ones)).isTrue();
    assertThat(disk.flush()).isTrue();
    assertThat(disk.write(4L * VolatileDisk.SECTOR, ones)).isTrue();
    disk.cut(new Random(1), 0);
    assertThat(disk.write(0, ones)).isFalse();
    assertThat(disk.flush()).isFalse();
    assertThat(disk.read(0, 1)).isNull();
    disk.powerOn();
    assertThat(disk.read(0, ones.length)).isEqualTo(ones);
    assertThat(disk.read(ones.length, ones.length)).isEqualTo(new byte[ones.length]);
    assertThat(disk.lostSectors()).isEqualTo(4);
  }
}
