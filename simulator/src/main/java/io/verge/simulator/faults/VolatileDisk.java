package io.verge.simulator.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A disk with a write cache: what was written is read back at once, but only a flush makes it
 * survive a cut. Of what was not flushed a cut keeps any part, sector by sector: none of it, all of
 * it, or some, so later writes may survive where earlier ones don't. Sectors themselves are whole,
 * which is what disks promise. Any thread.
 */
final class VolatileDisk {
  static final int SECTOR = 512;

  private record Range(int offset, int length) {}

  private final byte[] seen;
  private final byte[] safe;
  private final List<Range> unflushed = new ArrayList<>();
  private boolean off;
  private long flushes;
  private long lostSectors;
  private long keptSectors;

  VolatileDisk(int bytes) {
    if (bytes <= 0 || bytes % SECTOR != 0) {
      throw new IllegalArgumentException(bytes + " bytes are not whole sectors of " + SECTOR);
    }
    seen = new byte[bytes];
    safe = new byte[bytes];
  }

  /** A disk that holds this, safely. */
  static VolatileDisk of(byte[] content) {
    VolatileDisk disk = new VolatileDisk(content.length);
    System.arraycopy(content, 0, disk.seen, 0, content.length);
    System.arraycopy(content, 0, disk.safe, 0, content.length);
    return disk;
  }

  int size() {
    return seen.length;
  }

  /** Bytes at an offset; null without power, or outside of the disk. */
  synchronized byte @org.jspecify.annotations.Nullable [] read(long offset, int length) {
    if (off || offset < 0 || offset > seen.length) {
      return null;
    }
    int end = (int) Math.min(seen.length, offset + length);
    return java.util.Arrays.copyOfRange(seen, (int) offset, end);
  }

  /** False without power, or outside of the disk. */
  synchronized boolean write(long offset, byte[] bytes) {
    if (off || offset < 0 || offset > seen.length - bytes.length) {
      return false;
    }
    System.arraycopy(bytes, 0, seen, (int) offset, bytes.length);
    unflushed.add(new Range((int) offset, bytes.length));
    return true;
  }

  /** False without power. */
  synchronized boolean flush() {
    if (off) {
      return false;
    }
    for (Range range : unflushed) {
      System.arraycopy(seen, range.offset(), safe, range.offset(), range.length());
    }
    unflushed.clear();
    flushes++;
    return true;
  }

  /**
   * The power goes. Every call fails from now on.
   *
   * @param survival of an unflushed sector, 0 to 1.
   */
  synchronized void cut(RandomGenerator random, double survival) {
    off = true;
    for (Range range : unflushed) {
      int first = range.offset() / SECTOR;
      int last = (range.offset() + range.length() - 1) / SECTOR;
      for (int sector = first; sector <= last; sector++) {
        boolean same =
            java.util.Arrays.equals(
                seen,
                sector * SECTOR,
                (sector + 1) * SECTOR,
                safe,
                sector * SECTOR,
                (sector + 1) * SECTOR);
        if (same) {
          continue;
        }
        if (random.nextDouble() < survival) {
          System.arraycopy(seen, sector * SECTOR, safe, sector * SECTOR, SECTOR);
          keptSectors++;
        } else {
          lostSectors++;
        }
      }
    }
    unflushed.clear();
  }

  /** The power is back; the disk holds what survived. */
  synchronized void powerOn() {
    System.arraycopy(safe, 0, seen, 0, safe.length);
    unflushed.clear();
    off = false;
  }

  synchronized long flushes() {
    return flushes;
  }

  /** Sectors whose unflushed content a cut took. */
  synchronized long lostSectors() {
    return lostSectors;
  }

  /** Sectors whose unflushed content survived a cut. */
  synchronized long keptSectors() {
    return keptSectors;
  }
}
