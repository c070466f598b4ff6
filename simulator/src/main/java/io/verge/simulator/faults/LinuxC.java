package io.verge.simulator.faults;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.ByteBuffer;

/** The calls of the C library that serving a file to the kernel needs; -1 and errno on failure. */
interface LinuxC extends Library {
  LinuxC INSTANCE = Native.load("c", LinuxC.class);

  int O_RDWR = 2;
  int O_CLOEXEC = 0x80000;
  int MNT_DETACH = 2;
  int ENOENT = 2;
  int EINTR = 4;
  int EIO = 5;
  int EAGAIN = 11;
  int ENOSYS = 38;

  int open(String path, int flags);

  int close(int fd);

  long read(int fd, ByteBuffer target, long size);

  long write(int fd, ByteBuffer source, long size);

  int mount(String source, String target, String type, long flags, String options);

  int umount2(String target, int flags);
}
