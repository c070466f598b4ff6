package io.verge.simulator.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What no store can beat: a file that has its blocks already, a record appended and {@code
 * fdatasync} called ({@link FileChannel#force} without metadata). It forgets, finds and checks
 * nothing.
 */
final class LimitLog implements AutoCloseable {
  private static final int BLOCK = 1 << 20;

  private final FileChannel channel;
  private final long capacity;
  private long at;

  LimitLog(Path file, long capacity) throws IOException {
    this.capacity = capacity;
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    for (long offset = 0; offset < capacity; offset += BLOCK) {
      channel.write(ByteBuffer.allocate(BLOCK), offset);
    }
    channel.force(true);
  }

  void commit(byte[] record) throws IOException {
    if (at + record.length > capacity) {
      at = 0;
    }
    ByteBuffer bytes = ByteBuffer.wrap(record);
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
