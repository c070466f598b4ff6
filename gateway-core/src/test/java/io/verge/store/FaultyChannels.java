package io.verge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/**
 * Files whose n-th write or force fails, and all after it until they heal; a write fails halfway.
 */
final class FaultyChannels implements JournalFile.Channels {
  private final long failAt;
  private long calls;
  private boolean isHealed;

  FaultyChannels(long failAt) {
    this.failAt = failAt;
  }

  boolean hasFailed() {
    return calls >= failAt;
  }

  void heal() {
    isHealed = true;
  }

  private boolean fails() {
    return ++calls >= failAt && !isHealed;
  }

  @Override
  public FileChannel open(Path path, OpenOption... options) throws IOException {
    return new Faulty(FileChannel.open(path, options));
  }

  private final class Faulty extends FileChannel {
    private final FileChannel real;

    Faulty(FileChannel real) {
      this.real = real;
    }

    @Override
    public int write(ByteBuffer bytes, long at) throws IOException {
      if (bytes.hasRemaining() && fails()) {
        ByteBuffer half = bytes.slice(bytes.position(), bytes.remaining() / 2);
        real.write(half, at);
        throw new IOException("injected: write " + calls);
      }
      return real.write(bytes, at);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (fails()) {
        throw new IOException("injected: force " + calls);
      }
      real.force(metaData);
    }

    @Override
    public int read(ByteBuffer bytes, long at) throws IOException {
      return real.read(bytes, at);
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }

    @Override
    public int read(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
