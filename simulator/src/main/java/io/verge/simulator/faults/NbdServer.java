package io.verge.simulator.faults;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a {@link VolatileDisk} to a virtual machine as a network block device on a Unix socket, one
 * client at a time, so that what the guest's kernel has not flushed is what a power cut takes.
 * Speaks fixed newstyle negotiation and simple replies; source: the NBD project's {@code
 * doc/proto.md}.
 *
 * <pre>
 * request  0x25609513, flags u16, type u16, cookie u64, offset u64, length u32, data of a write
 * reply    0x67446698, error u32, cookie u64, data of a read
 * </pre>
 */
final class NbdServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NbdServer.class);

  private static final long MAGIC = 0x4e42444d41474943L;
  private static final long OPTION_MAGIC = 0x49484156454f5054L;
  private static final long OPTION_REPLY = 0x3e889045565a9L;
  private static final int REQUEST = 0x25609513;
  private static final int REPLY = 0x67446698;

  private static final int FIXED_NO_ZEROES = 3;
  private static final int HAS_FLAGS_FLUSH_FUA = 1 | 4 | 8;
  private static final int COMMAND_FUA = 1;

  private static final int OPTION_EXPORT_NAME = 1;
  private static final int OPTION_ABORT = 2;
  private static final int OPTION_INFO = 6;
  private static final int OPTION_GO = 7;
  private static final int OPTION_MAX = 64 << 10;
  private static final int ACK = 1;
  private static final int INFO = 3;
  private static final int UNSUPPORTED = 0x80000001;

  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int DISCONNECT = 2;
  private static final int FLUSH = 3;
  private static final int DATA_MAX = 32 << 20;
  private static final int EIO = 5;
  private static final int EINVAL = 22;

  private final VolatileDisk disk;
  private final Path path;
  private final long flushNanos;
  private final ServerSocketChannel server;
  private final Thread thread;
  private long flushes;

  private NbdServer(VolatileDisk disk, Path path, long flushNanos, ServerSocketChannel server) {
    this.disk = disk;
    this.path = path;
    this.flushNanos = flushNanos;
    this.server = server;
    this.thread = new Thread(this::serve, "nbd");
    thread.setDaemon(true);
  }

  /**
   * @param flushNanos what a flush takes, as a card's does: many cuts then come in the middle of
   *     one.
   */
  static NbdServer open(VolatileDisk disk, Path path, long flushNanos) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    NbdServer opened = new NbdServer(disk, path, flushNanos, server);
    opened.thread.start();
    return opened;
  }

  private void serve() {
    while (server.isOpen()) {
      try (SocketChannel client = server.accept()) {
        DataInputStream in = new DataInputStream(Channels.newInputStream(client));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Answers out = new Answers(new DataOutputStream(bytes), bytes, client);
        if (negotiate(in, out)) {
          transmit(in, out);
        }
      } catch (IOException e) {
        // A machine without power does not say goodbye.
        LOG.debug("nbd: {}", e.getMessage());
      }
    }
  }

  /** Collects an answer, and sends it as one. */
  private record Answers(DataOutputStream data, ByteArrayOutputStream bytes, SocketChannel client) {
    void send() throws IOException {
      data.flush();
      java.nio.ByteBuffer all = java.nio.ByteBuffer.wrap(bytes.toByteArray());
      while (all.hasRemaining()) {
        client.write(all);
      }
      bytes.reset();
    }
  }

  /**
   * @return whether requests follow.
   */
  private boolean negotiate(DataInputStream in, Answers out) throws IOException {
    out.data().writeLong(MAGIC);
    out.data().writeLong(OPTION_MAGIC);
    out.data().writeShort(FIXED_NO_ZEROES);
    out.send();
    boolean zeroes = (in.readInt() & 2) == 0;
    while (true) {
      if (in.readLong() != OPTION_MAGIC) {
        throw new IOException("an option without its magic number");
      }
      int option = in.readInt();
      int length = in.readInt();
      if (length < 0 || length > OPTION_MAX) {
        throw new IOException("an option of " + length + " bytes");
      }
      in.skipNBytes(length);
      switch (option) {
        case OPTION_EXPORT_NAME -> {
          out.data().writeLong(disk.size());
          out.data().writeShort(HAS_FLAGS_FLUSH_FUA);
          out.data().write(new byte[zeroes ? 124 : 0]);
          out.send();
          return true;
        }
        case OPTION_INFO, OPTION_GO -> {
          option(out, option, INFO, 12);
          out.data().writeShort(0);
          out.data().writeLong(disk.size());
          out.data().writeShort(HAS_FLAGS_FLUSH_FUA);
          option(out, option, ACK, 0);
          out.send();
          if (option == OPTION_GO) {
            return true;
          }
        }
        case OPTION_ABORT -> {
          option(out, option, ACK, 0);
          out.send();
          return false;
        }
        default -> {
          option(out, option, UNSUPPORTED, 0);
          out.send();
        }
      }
    }
  }

  private static void option(Answers out, int option, int type, int length) throws IOException {
    out.data().writeLong(OPTION_REPLY);
    out.data().writeInt(option);
    out.data().writeInt(type);
    out.data().writeInt(length);
  }

  private void transmit(DataInputStream in, Answers out) throws IOException {
    while (true) {
      if (in.readInt() != REQUEST) {
        throw new IOException("a request without its magic number");
      }
      int flags = in.readUnsignedShort();
      int type = in.readUnsignedShort();
      long cookie = in.readLong();
      long offset = in.readLong();
      int length = in.readInt();
      if (type == DISCONNECT) {
        return;
      }
      if (length < 0 || length > DATA_MAX) {
        throw new IOException("a request of " + length + " bytes");
      }
      byte[] data = new byte[type == WRITE ? length : 0];
      // A write that is cut off on its way here is none: whole sectors are what disks promise.
      in.readFully(data);
      byte[] read = type == READ ? disk.read(offset, length) : new byte[0];
      int error =
          switch (type) {
            case READ -> read == null || read.length < length ? EIO : 0;
            case WRITE -> write(offset, data, (flags & COMMAND_FUA) != 0) ? 0 : EIO;
            case FLUSH -> flush() ? 0 : EIO;
            default -> EINVAL;
          };
      out.data().writeInt(REPLY);
      out.data().writeInt(error);
      out.data().writeLong(cookie);
      if (error == 0 && read != null) {
        out.data().write(read);
      }
      out.send();
    }
  }

  private boolean write(long offset, byte[] data, boolean through) {
    if (!disk.write(offset, data)) {
      return false;
    }
    return !through || flush();
  }

  private boolean flush() {
    synchronized (this) {
      flushes++;
      notifyAll();
    }
    LockSupport.parkNanos(flushNanos);
    return disk.flush();
  }

  /**
   * Waits until the next flush has begun.
   *
   * @return whether it has, within so long.
   */
  synchronized boolean awaitFlush(long millis) throws InterruptedException {
    long before = flushes;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (flushes == before) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}
