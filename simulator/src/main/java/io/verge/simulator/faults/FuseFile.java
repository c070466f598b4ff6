package io.verge.simulator.faults;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a {@link VolatileDisk} to the kernel as a regular file, so that a loop device on it passes
 * on writes and flushes as they come. Speaks the kernel's FUSE protocol, version 7.31, with one
 * node: the root of the mount is the file itself. Layouts: Linux, {@code
 * include/uapi/linux/fuse.h}. Needs root and {@code /dev/fuse}.
 */
final class FuseFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FuseFile.class);
  private static final long FLUSH_NANOS = 1_500_000;
  private static final int IN_HEADER = 40;
  private static final int OUT_HEADER = 16;
  private static final int MAX_WRITE = 128 * 1024;
  private static final int BUFFER = MAX_WRITE + 8192;
  private static final int DIRECT_IO = 1;
  private static final int BIG_WRITES = 1 << 5;
  private static final int MODE = 0100600;
  private static final int MAJOR = 7;
  private static final int MINOR = 31;

  /** Operations, by their numbers; those not named here are refused as unknown. */
  private static final int FORGET = 2;

  private static final int GETATTR = 3;
  private static final int SETATTR = 4;
  private static final int OPEN = 14;
  private static final int READ = 15;
  private static final int WRITE = 16;
  private static final int STATFS = 17;
  private static final int RELEASE = 18;
  private static final int FSYNC = 20;
  private static final int FLUSH = 25;
  private static final int INIT = 26;
  private static final int INTERRUPT = 36;
  private static final int DESTROY = 38;
  private static final int BATCH_FORGET = 42;

  private final VolatileDisk disk;
  private final Path at;
  private final int fd;
  private final Thread thread;
  private final ByteBuffer in = buffer();
  private final ByteBuffer out = buffer();

  private FuseFile(VolatileDisk disk, Path at, int fd) {
    this.disk = disk;
    this.at = at;
    this.fd = fd;
    this.thread = new Thread(this::serve, "fuse " + at.getFileName());
    thread.setDaemon(true);
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.nativeOrder());
  }

  /**
   * @param at an empty regular file, which is covered by the disk until {@link #close}.
   */
  static FuseFile mount(VolatileDisk disk, Path at) throws IOException {
    int fd = LinuxC.INSTANCE.open("/dev/fuse", LinuxC.O_RDWR | LinuxC.O_CLOEXEC);
    if (fd < 0) {
      throw new IOException("cannot open /dev/fuse: errno " + Native.getLastError());
    }
    String options =
        "fd=" + fd + ",rootmode=" + Integer.toOctalString(MODE) + ",user_id=0,group_id=0";
    if (LinuxC.INSTANCE.mount("verge-disk", at.toString(), "fuse", 0, options) != 0) {
      int errno = Native.getLastError();
      LinuxC.INSTANCE.close(fd);
      throw new IOException("cannot mount a FUSE file at " + at + ": errno " + errno);
    }
    FuseFile file = new FuseFile(disk, at, fd);
    file.thread.start();
    return file;
  }

  private void serve() {
    while (true) {
      in.clear();
      long length = LinuxC.INSTANCE.read(fd, in, BUFFER);
      if (length < 0) {
        int errno = Native.getLastError();
        if (errno == LinuxC.EINTR || errno == LinuxC.EAGAIN || errno == LinuxC.ENOENT) {
          continue;
        }
        return;
      }
      in.limit((int) length);
      answer();
    }
  }

  private void answer() {
    int opcode = in.getInt(4);
    long unique = in.getLong(8);
    out.clear().position(OUT_HEADER);
    int error =
        switch (opcode) {
          case FORGET, BATCH_FORGET, INTERRUPT -> 1;
          case INIT -> init();
          case GETATTR, SETATTR -> attributes();
          case OPEN -> open();
          case READ -> read();
          case WRITE -> write();
          case FSYNC -> flush();
          case STATFS -> statfs();
          case RELEASE, FLUSH, DESTROY -> 0;
          default -> -LinuxC.ENOSYS;
        };
    if (error > 0) {
      return;
    }
    if (error < 0) {
      out.position(OUT_HEADER);
    }
    int length = out.position();
    out.putInt(0, length).putInt(4, error).putLong(8, unique);
    out.flip();
    if (LinuxC.INSTANCE.write(fd, out, length) != length) {
      // ENOENT: whoever asked was killed meanwhile.
      LOG.debug("no answer to operation {}: errno {}", opcode, Native.getLastError());
    }
  }

  private int init() {
    int readAhead = in.getInt(IN_HEADER + 8);
    out.putInt(MAJOR).putInt(MINOR).putInt(readAhead).putInt(BIG_WRITES);
    out.putShort((short) 16).putShort((short) 12).putInt(MAX_WRITE).putInt(1);
    zeros(out, 36);
    return 0;
  }

  private int attributes() {
    out.putLong(0).putInt(0).putInt(0);
    out.putLong(1).putLong(disk.size()).putLong(disk.size() / VolatileDisk.SECTOR);
    zeros(out, 3 * 8 + 3 * 4);
    out.putInt(MODE).putInt(1);
    zeros(out, 3 * 4);
    out.putInt(4096).putInt(0);
    return 0;
  }

  private int open() {
    out.putLong(1).putInt(DIRECT_IO).putInt(0);
    return 0;
  }

  private int read() {
    byte[] bytes = disk.read(in.getLong(IN_HEADER + 8), in.getInt(IN_HEADER + 16));
    if (bytes == null) {
      return -LinuxC.EIO;
    }
    out.put(bytes);
    return 0;
  }

  private int write() {
    byte[] bytes = new byte[in.getInt(IN_HEADER + 16)];
    in.position(IN_HEADER + 40).get(bytes);
    if (!disk.write(in.getLong(IN_HEADER + 8), bytes)) {
      return -LinuxC.EIO;
    }
    out.putInt(bytes.length).putInt(0);
    return 0;
  }

  /** Takes its time, as a card does: most cuts then come in the middle of one. */
  private int flush() {
    LockSupport.parkNanos(FLUSH_NANOS);
    return disk.flush() ? 0 : -LinuxC.EIO;
  }

  private int statfs() {
    zeros(out, 80);
    return 0;
  }

  private static void zeros(ByteBuffer to, int count) {
    to.put(new byte[count]);
  }

  @Override
  public void close() throws IOException {
    if (LinuxC.INSTANCE.umount2(at.toString(), LinuxC.MNT_DETACH) != 0) {
      throw new IOException("cannot unmount " + at + ": errno " + Native.getLastError());
    }
    LinuxC.INSTANCE.close(fd);
  }
}
