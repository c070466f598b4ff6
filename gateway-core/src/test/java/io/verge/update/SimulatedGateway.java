package io.verge.update;

import io.verge.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A machine with a gateway on it: what the link names runs, and is as well as its version is. */
final class SimulatedGateway implements Host, Ticker {
  static final Version PACKAGE = new Version("0.1.0");

  /** Versions that run and do nothing of what they should. */
  final Set<String> sick;

  final List<String> told = new ArrayList<>();
  final Map<String, Boolean> buses = new HashMap<>(Map.of("lamps", true, "meters", false));
  long freeBytes = 1L << 40;
  int restarts;
  @Nullable String refuses;

  private final Path root;
  private FaultyDisk power = new FaultyDisk(FaultyDisk.NEVER);
  private @Nullable Path running;
  private long nanos;

  SimulatedGateway(Path root, Set<String> sick) {
    this.root = root;
    this.sick = sick;
  }

  void poweredBy(FaultyDisk disk) {
    power = disk;
  }

  /** What the machine does when it comes on: the launcher follows the link. */
  void boot() throws IOException {
    Path link = root.resolve("current");
    running = Files.isRegularFile(link.resolve("java.args")) ? link.toRealPath() : null;
  }

  String version() {
    return running == null
        ? PACKAGE.text()
        : String.valueOf(running.getFileName()).substring("app-".length());
  }

  @Override
  public String arch() {
    return "amd64";
  }

  @Override
  public int java() {
    return 17;
  }

  @Override
  public long freeBytes(Path folder) {
    return freeBytes;
  }

  @Override
  public void prepare(Path application) throws UpdateException {
    power.step();
    if (refuses != null) {
      throw new UpdateException(refuses, "look");
    }
  }

  @Override
  public void restart() throws IOException {
    power.step();
    restarts++;
    boot();
  }

  @Override
  public @Nullable Health health() {
    power.step();
    if (!sick.contains(version())) {
      return new Health(version(), true, buses, Map.of("city", true));
    }
    return new Health(version(), true, Map.of("lamps", false), Map.of("city", false));
  }

  @Override
  public void tell(String line) {
    told.add(line);
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleepUntil(long deadlineNanos) {
    nanos = Math.max(nanos, deadlineNanos);
  }
}
