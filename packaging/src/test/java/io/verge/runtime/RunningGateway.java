package io.verge.runtime;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    process =
        new ProcessBuilder(
                java.toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.verge.runtime.Main",
                "run",
                "--config",
                config.toString(),
                "--data",
                data.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    said =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
    until("ready: ");
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
