package io.verge.cli;

import io.verge.config.ConfigReader;
import io.verge.driver.FrameDecoder;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. */
@Command(
    name = "verge",
    description =
        "Roadside edge gateway: reads a street's devices and delivers every reading once.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class VergeCommand implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  private VergeCommand() {}

  /**
   * Runs one command.
   *
   * @param decoders what {@code decode} can explain.
   * @param more further commands, as picocli objects.
   * @return the exit code; see {@link ExitCode}.
   */
  public static int run(
      String[] args,
      InputStream in,
      PrintStream out,
      PrintStream err,
      String version,
      List<FrameDecoder> decoders,
      ConfigReader reader,
      List<Object> more) {
    CommandLine root = new CommandLine(new VergeCommand());
    root.getCommandSpec().version("verge " + version);
    root.addSubcommand(new DecodeCommand(decoders, in, out, err));
    root.addSubcommand(new ConfigCommand(reader, out));
    root.addSubcommand(new VersionCommand(version, out));
    more.forEach(root::addSubcommand);
    root.setOut(new java.io.PrintWriter(out, true, java.nio.charset.StandardCharsets.UTF_8));
    root.setErr(new java.io.PrintWriter(err, true, java.nio.charset.StandardCharsets.UTF_8));
    root.setParameterExceptionHandler(
        (problem, unused) -> {
          err.println("verge: " + problem.getMessage());
          err.println(
              "Try: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return ExitCode.USAGE;
        });
    return root.execute(args);
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "which command? For example: verge version");
    }
  }
}
