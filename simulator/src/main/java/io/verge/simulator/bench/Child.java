package io.verge.simulator.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that polls: the shipped gateway, or a peer. */
final class Child implements AutoCloseable {
  /** As {@code packaging/verge} and the package start a gateway; the last of a flag holds. */
  private static final List<String> GATEWAY_FLAGS =
      List.of("-Xms5m", "-Xmn1536k", "-Xmx48m", "-XX:CompileThresholdScaling=4");

  private static final int STOP_SECONDS = 20;

  /** Ticks of {@code /proc/PID/stat}: USER_HZ, 100 on every Linux architecture of today. */
  private static final double TICKS_A_SECOND = 100;

  private static final int UTIME = 11;

  private final Process process;
  private final Path log;

  private Child(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Child gateway(Path folder, String toml) throws IOException {
    Path config = folder.resolve("gateway.toml");
    Files.writeString(config, toml);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(GATEWAY_FLAGS);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of("io.verge.runtime.Main", "run", "--config", config.toString()));
    command.addAll(List.of("--data", folder.resolve("data").toString()));
    return start(command, folder.resolve("gateway.log"));
  }

  static Child start(List<String> command, Path log) throws IOException {
    return new Child(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start(),
        log);
  }

  /**
   * CPU used so far, of all its threads.
   *
   * @throws IOException if it has ended.
   */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) / TICKS_A_SECOND;
  }

  /**
   * @throws IOException if it has ended; with the end of what it said.
   */
  void mustRun() throws IOException {
    if (!process.isAlive()) {
      List<String> said = Files.readAllLines(log);
      throw new IOException(
          "the master has ended with "
              + process.exitValue()
              + ": "
              + String.join(" / ", said.subList(Math.max(0, said.size() - 5), said.size())));
    }
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
