package io.verge.simulator.bench;

import io.verge.simulator.faults.Commands;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A private ext4 file system on a loop device, so that every sector written is somebody's here. */
final class LoopDisk implements AutoCloseable {
  private static final long BYTES = 512L << 20;
  private static final int SECTOR = 512;

  /**
   * Sectors written: the seventh number of the block layer's statistics (Documentation/block/stat).
   */
  private static final int SECTORS_WRITTEN = 6;

  private final Path image;
  private final Path folder;
  private String device = "";
  private boolean mounted;

  private LoopDisk(Path image, Path folder) {
    this.image = image;
    this.folder = folder;
  }

  /**
   * @throws IOException with what is missing, where this is not allowed or not there.
   */
  static LoopDisk open() throws IOException {
    Path base = Files.createTempDirectory("verge-bench-disk");
    LoopDisk disk = new LoopDisk(base.resolve("image"), Files.createDirectory(base.resolve("at")));
    try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    try {
      Commands.run("mkfs.ext4", "-q", "-F", disk.image.toString());
      disk.device = Commands.run("losetup", "--find", "--show", disk.image.toString());
      Commands.run("mount", "-t", "ext4", disk.device, disk.folder.toString());
      disk.mounted = true;
      return disk;
    } catch (IOException e) {
      disk.close();
      throw new IOException("no private ext4 loop device (needs root): " + e.getMessage(), e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Bytes the device has been told to write so far, all that waits in memory included. */
  long written() throws IOException {
    Commands.run("sync", "-f", folder.toString());
    Path stat = Path.of("/sys/block", Path.of(device).getFileName().toString(), "stat");
    String[] fields = Files.readString(stat).trim().split("\\s+");
    return Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR;
  }

  @Override
  public void close() throws IOException {
    if (mounted) {
      Commands.run("umount", folder.toString());
      mounted = false;
    }
    if (!device.isEmpty()) {
      Commands.run("losetup", "--detach", device);
      device = "";
    }
    Files.deleteIfExists(image);
    Files.deleteIfExists(folder);
    Files.deleteIfExists(java.util.Objects.requireNonNull(image.getParent()));
  }
}
