package io.verge.transport.gpio;

/**
 * The system calls the character device needs, as Linux has them: a result below 0 is a negative
 * error number.
 */
interface Kernel {
  int ENOENT = 2;
  int EINTR = 4;
  int EBADF = 9;
  int EACCES = 13;
  int EBUSY = 16;
  int ENODEV = 19;
  int EINVAL = 22;
  int ENOTTY = 25;

  /** {@link #poll} without an end. */
  int FOR_EVER = -1;

  /** Opens for reading and writing, closed on exec. */
  int open(String path);

  /**
   * @param argument read and written by the kernel.
   */
  int ioctl(int fd, int request, byte[] argument);

  /** Returns the bytes read; blocks while there are none. */
  int read(int fd, byte[] target);

  /**
   * Waits until one of the descriptors is readable or broken.
   *
   * @param ready set where one is.
   * @return how many are.
   */
  int poll(int[] fds, boolean[] ready, int timeoutMs);

  /** A descriptor that {@link #wake} makes readable. */
  int waker();

  int wake(int waker);

  int close(int fd);
}
