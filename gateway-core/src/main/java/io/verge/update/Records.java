package io.verge.update;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an update must not forget in a power cut: one small JSON file each, replaced in one step.
 */
final class Records {
  private static final int BYTES_MAX = 256 << 10;

  /**
   * An update that has not proved itself; the file is there while it is so.
   *
   * @param previous what to go back to; null: the package's own.
   * @param tries how often it was looked at again after a power cut.
   * @param before how the gateway was before; null: it did not run.
   */
  record Trial(String version, @Nullable String previous, int tries, @Nullable Health before) {
    Version to() {
      return new Version(version);
    }

    @Nullable Version back() {
      return previous == null ? null : new Version(previous);
    }

    Trial again() {
      return new Trial(version, previous, tries + 1, before);
    }

    boolean isWhole() {
      return version != null
          && Version.isOne(version)
          && (previous == null || Version.isOne(previous));
    }
  }

  /**
   * An update of the system that has not proved itself; the file is there while it is so.
   *
   * @param previous the system before it; null: not known.
   * @param slot where it was written to.
   * @param isWritten all of it was, and the boot loader tries it.
   * @param refused what it lacked, once it was judged; empty: not judged.
   * @param before how the gateway was before; null: it did not run.
   */
  record SystemTrial(
      String version,
      @Nullable String previous,
      String slot,
      boolean isWritten,
      String refused,
      @Nullable Health before) {
    SystemTrial written() {
      return new SystemTrial(version, previous, slot, true, refused, before);
    }

    SystemTrial refusedFor(String why) {
      return new SystemTrial(version, previous, slot, true, why, before);
    }

    boolean isWhole() {
      return version != null && slot != null && refused != null;
    }
  }

  /**
   * How the last update ended.
   *
   * @param outcome {@code confirmed}, {@code rolled-back} or {@code interrupted}.
   * @param previous the version before it; null: the package's own.
   * @param why what was lacking; empty when confirmed.
   */
  public record Last(String version, @Nullable String previous, String outcome, String why) {
    boolean isWhole() {
      return version != null && outcome != null && why != null;
    }
  }

  private final Path root;
  private final Disk disk;

  Records(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  @Nullable Trial trial() throws IOException {
    Trial trial = read("trial.json", Trial.class);
    return trial != null && trial.isWhole() ? trial : null;
  }

  void trial(Trial trial) throws IOException {
    write("trial.json", trial);
  }

  void endTrial() throws IOException {
    disk.delete(root.resolve("trial.json"));
  }

  @Nullable Last last() throws IOException {
    Last last = read("last.json", Last.class);
    return last != null && last.isWhole() ? last : null;
  }

  void last(Last last) throws IOException {
    write("last.json", last);
  }

  @Nullable SystemTrial systemTrial() throws IOException {
    SystemTrial trial = read("system.json", SystemTrial.class);
    return trial != null && trial.isWhole() ? trial : null;
  }

  void systemTrial(SystemTrial trial) throws IOException {
    write("system.json", trial);
  }

  void endSystemTrial() throws IOException {
    disk.delete(root.resolve("system.json"));
  }

  @Nullable Last systemLast() throws IOException {
    Last last = read("system-last.json", Last.class);
    return last != null && last.isWhole() ? last : null;
  }

  void systemLast(Last last) throws IOException {
    write("system-last.json", last);
  }

  private void write(String name, Record record) throws IOException {
    byte[] json = new Gson().toJson(record).getBytes(StandardCharsets.UTF_8);
    Path next = root.resolve(name + ".next");
    disk.content(next, new ByteArrayInputStream(json));
    disk.rename(next, root.resolve(name));
  }

  private <T> @Nullable T read(String name, Class<T> type) throws IOException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file) || Files.size(file) > BYTES_MAX) {
      return null;
    }
    try {
      return new Gson().fromJson(Files.readString(file), type);
    } catch (JsonParseException e) {
      throw new IOException(file + " is damaged: " + e.getMessage() + "; delete it", e);
    }
  }
}
