package io.verge.transport.gpio;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Structure;

/** The kernel of this machine through the C library (POSIX, and eventfd of Linux). */
final class Libc implements Kernel {
  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int EFD_CLOEXEC = O_CLOEXEC;
  private static final short POLLIN = 1;

  /** {@code struct pollfd}. */
  @Structure.FieldOrder({"fd", "events", "revents"})
  public static class PollFd extends Structure {
    public int fd;
    public short events;
    public short revents;
  }

  private interface Calls extends Library {
    int open(String path, int flags) throws LastErrorException;

    int ioctl(int fd, NativeLong request, Object... argument) throws LastErrorException;

    NativeLong read(int fd, byte[] target, NativeLong size) throws LastErrorException;

    NativeLong write(int fd, byte[] source, NativeLong size) throws LastErrorException;

    int poll(PollFd[] fds, NativeLong count, int timeoutMs) throws LastErrorException;

    int eventfd(int value, int flags) throws LastErrorException;

    int close(int fd) throws LastErrorException;
  }

  private interface Call {
    long make() throws LastErrorException;
  }

  private final Calls calls;

  /**
   * @throws LinkageError if JNA's native part can't be loaded.
   */
  Libc() {
    calls = Native.load("c", Calls.class);
  }

  private static int result(Call call) {
    try {
      return (int) call.make();
    } catch (LastErrorException e) {
      return -e.getErrorCode();
    }
  }

  @Override
  public int open(String path) {
    return result(() -> calls.open(path, O_RDWR | O_CLOEXEC));
  }

  @Override
  public int ioctl(int fd, int request, byte[] argument) {
    return result(() -> calls.ioctl(fd, new NativeLong(request & 0xFFFF_FFFFL), (Object) argument));
  }

  @Override
  public int read(int fd, byte[] target) {
    return result(() -> calls.read(fd, target, new NativeLong(target.length)).longValue());
  }

  @Override
  public int poll(int[] fds, boolean[] ready, int timeoutMs) {
    PollFd[] polled = (PollFd[]) new PollFd().toArray(fds.length);
    for (int i = 0; i < fds.length; i++) {
      polled[i].fd = fds[i];
      polled[i].events = POLLIN;
    }
    int count = result(() -> calls.poll(polled, new NativeLong(polled.length), timeoutMs));
    for (int i = 0; i < fds.length; i++) {
      ready[i] = count > 0 && polled[i].revents != 0;
    }
    return count;
  }

  @Override
  public int waker() {
    return result(() -> calls.eventfd(0, EFD_CLOEXEC));
  }

  @Override
  public int wake(int waker) {
    byte[] one = new byte[8];
    GpioAbi.in(one).putLong(0, 1);
    return result(() -> calls.write(waker, one, new NativeLong(one.length)).longValue());
  }

  @Override
  public int close(int fd) {
    return result(() -> calls.close(fd));
  }
}
