package io.verge.runtime;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code verge run} as a process that has said it is ready. */
final class RunningGateway implements AutoCloseable {
  /** What a command printed. */
  record Ran(int code, String out, String err) {}

  private final Process process;
  private final BufferedReader said;

  RunningGateway(Path config, Path data) throws IOException {
    this(List.of(), config, data);
  }

  /**
   * @param under what starts the process, such as a shell with limits; its last word takes the
   *     gateway's line as further arguments.
   */
  RunningGateway(List<String> under, Path config, Path data) throws IOException {
    process =
        new ProcessBuilder(
                line(under, "run", "--config", config.toString(), "--data", data.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    until("ready: ");
  }

  /** The line of a process that is {@code verge} with these words. */
  static List<String> line(List<String> under, String... words) {
    List<String> line = new ArrayList<>(under);
    line.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.verge.runtime.Main"));
    line.addAll(List.of(words));
    return line;
  }

  /** Runs {@code verge} as a process of its own, to its end. */
  static Ran process(List<String> under, String... words) throws IOException, InterruptedException {
    Path out = Files.createTempFile("verge", ".out");
    try {
      Process process = new ProcessBuilder(line(under, words)).redirectOutput(out.toFile()).start();
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ran(process.waitFor(), Files.readString(out), err);
    } finally {
      Files.delete(out);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Reads on until a line has the words, and gives all lines up to it. */
  String until(String words) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (String line; (line = said.readLine()) != null; ) {
      lines.append(line).append('\n');
      if (line.contains(words)) {
        return lines.toString();
      }
    }
    throw new AssertionError("it ended without \"" + words + "\": " + lines);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  /** Runs a command against the socket of a gateway. */
  static Ran verge(Path socket, InputStream in, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> args = new ArrayList<>(List.of(words));
    args.addAll(List.of("--socket", socket.toString()));
    int code =
        Main.line(
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8))
            .execute(args.toArray(new String[0]));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
