package io.verge.simulator.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client after the NBD project's doc/proto.md, as QEMU is one. */
class NbdServerTest {
  private static final int SIZE = 64 * 1024;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int FLUSH = 3;
  private static final int TRIM = 4;
  private static final int FUA = 1;

  @TempDir private Path folder = Path.of("unset");

  /** One connection. */
  private static final class Client implements AutoCloseable {
    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;
    private long cookie;

    Client(Path path) throws IOException {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(path));
      in = new DataInputStream(Channels.newInputStream(channel));
      out = new DataOutputStream(Channels.newOutputStream(channel));
      assertThat(in.readLong()).isEqualTo(0x4e42444d41474943L);
      assertThat(in.readLong()).isEqualTo(0x49484156454f5054L);
      assertThat(in.readUnsignedShort() & 1).isEqualTo(1);
      out.writeInt(3);
    }

    void option(int option, byte[] data) throws IOException {
      out.writeLong(0x49484156454f5054L);
      out.writeInt(option);
      out.writeInt(data.length);
      out.write(data);
    }

    /** Answer to an option: its type, then its data. */
    byte[] answer(int option, int type) throws IOException {
      assertThat(in.readLong()).isEqualTo(0x3e889045565a9L);
      assertThat(in.readInt()).isEqualTo(option);
      assertThat(in.readInt()).isEqualTo(type);
      byte[] data = new byte[in.readInt()];
      in.readFully(data);
      return data;
    }

    Client go() throws IOException {
      option(8, new byte[0]);
      answer(8, 0x80000001);
      option(7, new byte[6]);
      byte[] info = answer(7, 3);
      assertThat(info).hasSize(12);
      assertThat(Arrays.copyOfRange(info, 6, 10)).containsExactly(0, 1, 0, 0);
      assertThat(info[11] & 0xD).isEqualTo(0xD);
      answer(7, 1);
      return this;
    }

    int ask(int flags, int type, long offset, int length, byte[] data) throws IOException {
      out.writeInt(0x25609513);
      out.writeShort(flags);
      out.writeShort(type);
      out.writeLong(++cookie);
      out.writeLong(offset);
      out.writeInt(length);
      out.write(data);
      assertThat(in.readInt()).isEqualTo(0x67446698);
      int error = in.readInt();
      assertThat(in.readLong()).isEqualTo(cookie);
      return error;
    }

    void write(int flags, long offset, byte[] data) throws IOException {
      assertThat(ask(flags, WRITE, offset, data.length, data)).isZero();
    }

    byte[] read(long offset, int length) throws IOException {
      assertThat(ask(0, READ, offset, length, new byte[0])).isZero();
      byte[] data = new byte[length];
      in.readFully(data);
      return data;
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static byte[] sector(int value) {
    byte[] sector = new byte[VolatileDisk.SECTOR];
    Arrays.fill(sector, (byte) value);
    return sector;
  }

  @Test
  void whatWasFlushedSurvivesACutAndNothingElse() throws Exception {
    VolatileDisk disk = new VolatileDisk(SIZE);
    Path path = folder.resolve("disk");
    try (NbdServer server = NbdServer.open(disk, path, 0)) {
      try (Client client = new Client(path).go()) {
        client.write(0, 0, sector(1));
        assertThat(client.ask(0, FLUSH, 0, 0, new byte[0])).isZero();
        client.write(0, 512, sector(2));
        assertThat(client.read(0, 1024)).startsWith(sector(1)).endsWith(sector(2));
        disk.cut(new Random(1), 0);
        assertThat(client.ask(0, WRITE, 0, 512, sector(3))).isEqualTo(5);
      }
      disk.powerOn();
      try (Client client = new Client(path).go()) {
        assertThat(client.read(0, 1024)).startsWith(sector(1)).endsWith(sector(0));
        client.write(FUA, 1024, sector(4));
        disk.cut(new Random(1), 0);
      }
      disk.powerOn();
      try (Client client = new Client(path).go()) {
        assertThat(client.read(1024, 512)).isEqualTo(sector(4));
      }
      assertThat(server.awaitFlush(1)).isFalse();
    }
  }

  @Test
  void requestsBeyondTheDiskAndUnknownOnesAreErrorsOfThatRequestOnly() throws Exception {
    Path path = folder.resolve("disk");
    try (NbdServer server = NbdServer.open(new VolatileDisk(SIZE), path, 0);
        Client client = new Client(path).go()) {
      assertThat(client.ask(0, READ, SIZE - 256, 512, new byte[0])).isEqualTo(5);
      assertThat(client.ask(0, WRITE, Long.MAX_VALUE, 512, sector(1))).isEqualTo(5);
      assertThat(client.ask(0, TRIM, 0, 512, new byte[0])).isEqualTo(22);
      assertThat(client.read(0, 512)).isEqualTo(sector(0));
      assertThat(server.awaitFlush(0)).isFalse();
    }
  }

  @Test
  void writeThatIsCutOffOnItsWayIsNone() throws Exception {
    VolatileDisk disk = new VolatileDisk(SIZE);
    Path path = folder.resolve("disk");
    try (NbdServer server = NbdServer.open(disk, path, 0)) {
      try (Client client = new Client(path).go()) {
        client.out.writeInt(0x25609513);
        client.out.writeShort(0);
        client.out.writeShort(WRITE);
        client.out.writeLong(1);
        client.out.writeLong(0);
        client.out.writeInt(1024);
        client.out.write(sector(7));
      }
      try (Client client = new Client(path).go()) {
        assertThat(client.read(0, 1024)).containsOnly(0);
      }
      assertThat(server.awaitFlush(0)).isFalse();
    }
  }

  @Test
  void noiseEndsTheConnectionAndNotTheServer() throws Exception {
    Path path = folder.resolve("disk");
    try (NbdServer server = NbdServer.open(new VolatileDisk(SIZE), path, 0)) {
      try (Client client = new Client(path)) {
        client.out.write(new byte[64]);
        assertThatThrownBy(client.in::readByte).isInstanceOf(IOException.class);
      }
      try (Client client = new Client(path).go()) {
        assertThat(client.read(0, 512)).containsOnly(0);
      }
      assertThat(server.awaitFlush(0)).isFalse();
    }
  }
}
