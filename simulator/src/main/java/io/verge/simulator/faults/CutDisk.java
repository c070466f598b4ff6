package io.verge.simulator.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/**
 * A folder on ext4 on a block device whose power can be cut: the kernel's page cache of it and what
 * the device was not told to flush are gone then. Needs root, {@code /dev/fuse}, a free loop device
 * and e2fsprogs.
 */
final class CutDisk implements AutoCloseable {
  private static final int BYTES = 48 << 20;

  private final Path base;
  private final Path image;
  private final Path folder;
  private final VolatileDisk disk = new VolatileDisk(BYTES);
  private FuseFile file;
  private String device = "";
  private boolean mounted;

  private CutDisk(Path base, Path image, Path folder) throws IOException {
    this.base = base;
    this.image = image;
    this.folder = folder;
    this.file = FuseFile.mount(disk, image);
  }

  /**
   * @throws IOException with what is missing, where this is not allowed or not there.
   */
  static CutDisk open() throws IOException {
    Path base = Files.createTempDirectory("verge-cut-disk");
    Path image = Files.createFile(base.resolve("image"));
    Path folder = Files.createDirectory(base.resolve("at"));
    CutDisk disk;
    try {
      disk = new CutDisk(base, image, folder);
    } catch (IOException e) {
      remove(base, image, folder);
      throw e;
    }
    try {
      Commands.run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "nodiscard", image.toString());
      disk.attach();
      return disk;
    } catch (IOException e) {
      disk.close();
      throw e;
    }
  }

  private void attach() throws IOException {
    device = Commands.run("losetup", "--find", "--show", image.toString());
    Commands.run("mount", "-t", "ext4", device, folder.toString());
    mounted = true;
  }

  Path folder() {
    return folder;
  }

  VolatileDisk disk() {
    return disk;
  }

  /** Takes the power; whoever writes gets errors from now on. */
  void cut(RandomGenerator random, double survival) {
    disk.cut(random, survival);
  }

  /** Forgets what the kernel still holds, gives the power back and mounts what survived. */
  void restart() throws IOException {
    detach();
    file.close();
    disk.powerOn();
    file = FuseFile.mount(disk, image);
    attach();
  }

  /** Checks the file system of a powered disk as ext4's own tool sees it, and mounts it again. */
  String check() throws IOException {
    detach();
    String said = Commands.run("e2fsck", "-f", "-n", image.toString());
    attach();
    return said;
  }

  private void detach() throws IOException {
    if (mounted) {
      Commands.run("umount", folder.toString());
      mounted = false;
    }
    if (!device.isEmpty()) {
      Commands.run("losetup", "--detach", device);
      device = "";
    }
  }

  @Override
  public void close() throws IOException {
    detach();
    file.close();
    remove(base, image, folder);
  }

  private static void remove(Path base, Path image, Path folder) throws IOException {
    Files.deleteIfExists(image);
    Files.deleteIfExists(folder);
    Files.deleteIfExists(base);
  }
}
