package io.verge.cli;

import io.verge.config.ConfigReader;
import io.verge.config.FileTrouble;
import io.verge.driver.FrameDecoder;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
    footer = {"", "Example: verge status", "Each command tells more: verge COMMAND --help"},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class VergeCommand implements Runnable {
  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  private VergeCommand() {}

  /**
   * The whole command line; what its {@code execute} returns is an {@link ExitCode}.
   *
   * @param decoders what {@code decode} can explain.
   * @param more further commands, as picocli objects.
   */
  public static CommandLine of(
      InputStream in,
      PrintStream out,
      PrintStream err,
      String version,
      List<FrameDecoder> decoders,
      ConfigReader reader,
      List<Object> more) {
    Screen screen = new Screen(out, err, Screen.wantsColour());
    CommandLine root = tree(screen, decoders);
    root.getCommandSpec().version("verge " + version);
    root.addSubcommand(new TraceCommand(screen, decoders));
    root.addSubcommand(new DecodeCommand(decoders, in, out, err));
    root.addSubcommand(config(screen, reader));
    root.addSubcommand(new ProfilesCommand(reader, out, err));
    root.addSubcommand(new PageCommand(screen));
    root.addSubcommand(new CommissionCommand(screen, in, reader));
    root.addSubcommand(new PlanCommand(reader, screen));
    root.addSubcommand(new VersionCommand(version, out));
    root.addSubcommand(new CompletionCommand(out));
    more.forEach(root::addSubcommand);
    settle(root, screen);
    return root;
  }

  /** The root and what asks the running gateway. */
  static CommandLine tree(Screen screen, List<FrameDecoder> decoders) {
    CommandLine root = new CommandLine(new VergeCommand());
    root.addSubcommand(new StatusCommand(screen));
    root.addSubcommand(new PointsCommand(screen));
    root.addSubcommand(new ReadCommand(screen));
    root.addSubcommand(new WatchCommand(screen, decoders));
    root.addSubcommand(new HistoryCommand(screen));
    root.addSubcommand(new ForecastCommand(screen));
    root.addSubcommand(new LampCommand(screen));
    root.addSubcommand(new CalibrateCommand(screen));
    root.addSubcommand(
        new CommandLine(new MeterCommand()).addSubcommand(new MeterTotalCommand(screen)));
    root.addSubcommand(new BufferCommand(screen));
    root.addSubcommand(new ResendCommand(screen));
    root.addSubcommand(new UplinkCommand(screen));
    root.addSubcommand(new EventsCommand(screen));
    root.addSubcommand(new CommandsCommand(screen));
    root.addSubcommand(new MetricsCommand(screen));
    settle(root, screen);
    return root;
  }

  static CommandLine config(Screen screen, ConfigReader reader) {
    CommandLine config = new CommandLine(new ConfigCommand(reader, screen.out(), screen.err()));
    config.addSubcommand(new ConfigShowCommand(screen, reader));
    config.addSubcommand(new ConfigDiffCommand(screen, reader));
    config.addSubcommand(new ConfigApplyCommand(screen));
    config.addSubcommand(new ConfigConfirmCommand(screen));
    config.addSubcommand(new ConfigRollbackCommand(screen));
    config.addSubcommand(new ConfigHistoryCommand(screen));
    return config;
  }

  /** Where help and mistakes go; concerns the commands that are there already. */
  private static void settle(CommandLine root, Screen screen) {
    root.setOut(new PrintWriter(screen.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(screen.err(), true, StandardCharsets.UTF_8));
    root.setParameterExceptionHandler(
        (problem, unused) -> {
          screen.error(
              String.valueOf(problem.getMessage()),
              "Try: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
          return ExitCode.USAGE;
        });
    root.setExecutionExceptionHandler(
        (failure, line, unused) -> {
          if (failure instanceof RuntimeException bug) {
            throw bug;
          }
          String why = FileTrouble.why(failure);
          screen.error(
              line.getCommandSpec().qualifiedName()
                  + ": "
                  + (why == null ? failure.getClass().getSimpleName() : why),
              "");
          return ExitCode.WRONG;
        });
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "which command? For example: verge status");
    }
  }
}
