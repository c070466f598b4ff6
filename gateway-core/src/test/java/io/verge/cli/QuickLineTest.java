package io.verge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.health.Counters;
import io.verge.local.FakeDesk;
import io.verge.local.LocalServer;
import io.verge.time.SystemTicker;
import io.verge.time.ThreadCrew;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short way and picocli's way are one: same text, same code. */
class QuickLineTest {
  @TempDir Path directory;

  private final List<Throwable> broken = new CopyOnWriteArrayList<>();
  private final ThreadCrew crew =
      new ThreadCrew(new SystemTicker(), (worker, cause) -> broken.add(cause));
  private Path path = Path.of("");
  private LocalServer server;

  private record Ran(@Nullable Integer code, String text) {}

  @BeforeEach
  void open() throws IOException {
    path = directory.resolve("verge.sock");
    server =
        LocalServer.open(
            new LocalServer.Settings(path), new FakeDesk(), new SystemTicker(), new Counters());
    crew.start(server);
  }

  @AfterEach
  void close() {
    crew.stop(server);
    assertThat(broken).isEmpty();
  }

  private interface Way {
    @Nullable Integer run(PrintStream out);
  }

  private static Ran ran(Way way) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    Integer code = way.run(out);
    return new Ran(code, bytes.toString(StandardCharsets.UTF_8));
  }

  private static Ran quick(String... args) {
    return ran(out -> QuickLine.run(args, out, out));
  }

  private static Ran slow(String... args) {
    return ran(out -> VergeCommand.tree(new Screen(out, out, false), List.of()).execute(args));
  }

  @Test
  void sameAsPicocli() {
    String socket = path.toString();
    for (String line :
        List.of(
            "status",
            "status --json",
            "points",
            "points lamp-*/power",
            "points --json lamp-17",
            "points nothing-*",
            "buffer",
            "buffer --json",
            "uplink",
            "events",
            "events --last 1 --json")) {
      String[] args = (line + " --socket " + socket).split(" ");
      Ran quick = quick(args);
      assertThat(quick).as(line).isEqualTo(slow(args));
      assertThat(quick.text()).as(line).isNotEmpty();
    }
  }

  @Test
  void nobodyAnswers() {
    String nowhere = directory.resolve("none.sock").toString();
    assertThat(quick("status", "--socket", nowhere))
        .isEqualTo(slow("status", "--socket", nowhere))
        .extracting(Ran::code)
        .isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void unusualLinesAreLeftAlone() {
    for (String line :
        List.of(
            "",
            "version",
            "read lamp-17",
            "status --help",
            "status -h",
            "status lamp-17",
            "status --socket",
            "status --socket=x",
            "status --jsn",
            "status --watch",
            "buffer --last 3",
            "events --last x",
            "events --last",
            "events --watch",
            "points a b",
            "points @file",
            "points --follow")) {
      assertThat(quick(line.isEmpty() ? new String[0] : line.split(" ")))
          .as(line)
          .isEqualTo(new Ran(null, ""));
    }
  }
}
