package io.verge.simulator.pty;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * One pseudo-terminal: the simulator holds the master, the gateway opens the slave as a serial port
 * by a link with a steady name. A slave descriptor stays open, so that the gateway may come and go.
 */
public final class Pty implements AutoCloseable {
  /** Larger than any libc's struct termios. */
  private static final int TERMIOS_BYTES = 256;

  private static final int CFLAG_AT = 8;
  private static final int CBAUD = 0x100F;
  private static final int NAME_BYTES = 128;

  private final int master;
  private final int slave;
  private final Path link;

  private Pty(int master, int slave, Path link) {
    this.master = master;
    this.slave = slave;
    this.link = link;
  }

  /**
   * @param link made, or pointed anew.
   * @throws IOException if the system gives no pseudo-terminal.
   */
  public static Pty open(Path link) throws IOException {
    LibC c = LibC.INSTANCE;
    int master = c.posix_openpt(LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_NONBLOCK);
    byte[] name = new byte[NAME_BYTES];
    if (master < 0
        || c.grantpt(master) != 0
        || c.unlockpt(master) != 0
        || c.ptsname_r(master, name, name.length) != 0) {
      throw new IOException("no pseudo-terminal: error " + Native.getLastError());
    }
    String path = new String(name, StandardCharsets.US_ASCII).split("\0", 2)[0];
    int slave = c.open(path, LibC.O_RDWR | LibC.O_NOCTTY);
    byte[] termios = new byte[TERMIOS_BYTES];
    if (slave < 0 || c.tcgetattr(slave, termios) != 0) {
      throw new IOException("cannot open " + path + ": error " + Native.getLastError());
    }
    c.cfmakeraw(termios);
    c.tcsetattr(slave, LibC.TCSANOW, termios);
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, Path.of(path));
    return new Pty(master, slave, link);
  }

  int descriptor() {
    return master;
  }

  public Path link() {
    return link;
  }

  /**
   * The speed the port was opened with, from {@code c_cflag}, the third word of Linux's struct
   * termios; 0 for one no serial line here has. A pty keeps the speed only: the kernel clears its
   * parity.
   */
  int baud() {
    byte[] termios = new byte[TERMIOS_BYTES];
    if (LibC.INSTANCE.tcgetattr(slave, termios) != 0) {
      return 0;
    }
    int flags = ByteBuffer.wrap(termios).order(ByteOrder.nativeOrder()).getInt(CFLAG_AT);
    return switch (flags & CBAUD) {
      case 7 -> 300;
      case 9 -> 1200;
      case 11 -> 2400;
      case 12 -> 4800;
      case 13 -> 9600;
      case 14 -> 19200;
      case 15 -> 38400;
      case 0x1001 -> 57600;
      case 0x1002 -> 115_200;
      default -> 0;
    };
  }

  /** What has arrived, at most 4 KiB; empty if nothing. */
  byte[] read() {
    byte[] bytes = new byte[4096];
    long count = LibC.INSTANCE.read(master, bytes, bytes.length);
    return count <= 0 ? new byte[0] : Arrays.copyOf(bytes, (int) count);
  }

  /** Sends; what the reader does not take in time is lost, as on a wire. */
  void write(byte[] bytes) {
    LibC.INSTANCE.write(master, bytes, bytes.length);
  }

  @Override
  public void close() throws IOException {
    LibC.INSTANCE.close(slave);
    LibC.INSTANCE.close(master);
    Files.deleteIfExists(link);
  }
}
