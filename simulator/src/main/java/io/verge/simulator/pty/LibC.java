package io.verge.simulator.pty;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;

/** The few calls of the C library a pseudo-terminal needs (POSIX, and cfmakeraw of BSD and GNU). */
interface LibC extends Library {
  LibC INSTANCE = Native.load("c", LibC.class);

  int O_RDWR = 2;
  int O_NOCTTY = 0x100;
  int O_NONBLOCK = 0x800;
  int TCSANOW = 0;
  short POLLIN = 1;
  int PR_SET_TIMERSLACK = 29;

  /** {@code struct pollfd}. */
  @Structure.FieldOrder({"fd", "events", "revents"})
  class PollFd extends Structure {
    public int fd;
    public short events;
    public short revents;
  }

  int posix_openpt(int flags);

  int grantpt(int fd);

  int unlockpt(int fd);

  int ptsname_r(int fd, byte[] name, long size);

  int open(String path, int flags);

  int close(int fd);

  long read(int fd, byte[] target, long size);

  long write(int fd, byte[] source, long size);

  int tcgetattr(int fd, byte[] termios);

  void cfmakeraw(byte[] termios);

  int tcsetattr(int fd, int actions, byte[] termios);

  int poll(PollFd[] fds, long count, int timeoutMs);

  /** As {@code poll}; the time-out is a {@code struct timespec}. */
  int ppoll(Pointer fds, long count, Pointer timeout, Pointer signals);

  int prctl(int option, long argument, long third, long fourth, long fifth);
}
