package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An acceptance test under way: a file that is written after every asset, so that it can go on. */
final class Acceptance implements AutoCloseable {
  private static final long BYTES_MAX = 32 << 20;

  /** Somebody else goes on with the file just now. */
  static final class UnderWay extends IOException {
    UnderWay(String message) {
      super(message);
    }
  }

  /** How a step ended. */
  enum Mark {
    passed,
    failed,
    skipped
  }

  /**
   * One of the things every asset must show.
   *
   * @param name {@code sees}, {@code plausible}, {@code acts} or {@code identity}.
   */
  record Step(String name, Mark mark, String found) {}

  /**
   * @param place where the plan has it: bus and address.
   * @param photo name of a picture's file, or empty.
   * @param at ISO 8601 UTC, or null where the clock was not trusted.
   */
  record Result(
      String asset,
      String place,
      List<Step> steps,
      String note,
      String photo,
      @Nullable String at) {
    boolean isPassed() {
      return steps.stream().noneMatch(step -> step.mark() == Mark.failed)
          && steps.stream().anyMatch(step -> step.mark() == Mark.passed);
    }
  }

  /** What is in the file. */
  private record Kept(String gateway, String by, Map<String, Result> results) {}

  private final Gson gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private final Path file;
  private final String gateway;
  private final String by;
  private final Map<String, Result> results = new LinkedHashMap<>();
  private final Path lockFile;
  private final FileChannel lock;

  private Acceptance(Path file, String gateway, String by) throws IOException {
    this.file = file;
    this.gateway = gateway;
    this.by = by;
    this.lockFile = file.resolveSibling(file.getFileName() + ".lock");
    this.lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!isOurs()) {
        throw new UnderWay("another acceptance test is under way with " + file);
      }
    } catch (IOException e) {
      lock.close(); // and not the file: it may be another's
      throw e;
    }
  }

  /** False while somebody else, of this process or another, goes on with the file. */
  private boolean isOurs() throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return false;
    }
  }

  /** Lets others go on with the file. */
  @Override
  public void close() throws IOException {
    try (lock) {
      Files.deleteIfExists(lockFile);
    }
  }

  /**
   * Goes on with the file if there is one.
   *
   * @throws IOException if it is another gateway's, or can't be read, or is another person's now.
   */
  static Acceptance open(Path file, String gateway, String by) throws IOException {
    Acceptance acceptance = new Acceptance(file, gateway, by);
    try {
      if (Files.exists(file)) {
        acceptance.load();
      }
      return acceptance;
    } catch (IOException e) {
      acceptance.close();
      throw e;
    }
  }

  private void load() throws IOException {
    Kept kept = null;
    try {
      if (Files.size(file) <= BYTES_MAX) {
        kept = gson.fromJson(Files.readString(file), Kept.class);
      }
    } catch (JsonParseException e) {
      throw new IOException(file + " is no acceptance test: " + e.getMessage(), e);
    }
    if (kept == null || kept.results() == null) {
      throw new IOException(file + " is no acceptance test; name another one with --state");
    }
    if (!gateway.equals(kept.gateway())) {
      throw new IOException(file + " is of gateway " + kept.gateway() + ", this is " + gateway);
    }
    kept.results()
        .forEach(
            (asset, result) -> {
              if (result != null && result.steps() != null && result.note() != null) {
                results.put(asset, result);
              }
            });
  }

  String by() {
    return by;
  }

  /** Whether nothing is left to do for an asset. */
  boolean isDone(String asset) {
    Result result = results.get(asset);
    return result != null && result.isPassed();
  }

  List<Result> results() {
    return new ArrayList<>(results.values());
  }

  long count(boolean passed) {
    return results.values().stream().filter(result -> result.isPassed() == passed).count();
  }

  /** Takes a result in, and writes all of them. */
  void put(Result result) throws IOException {
    results.put(result.asset(), result);
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, json(), StandardCharsets.UTF_8);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Everything found so far, as it is written. */
  String json() {
    return gson.toJson(new Kept(gateway, by, results));
  }
}
