package io.verge.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = "Prints what lets a shell complete the commands.",
    footer = {"", "Example: . <(verge completion bash)"},
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /** Shells whose completion is known; zsh reads that of bash. */
  enum Shell {
    bash
  }

  private final PrintStream out;

  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}", defaultValue = "bash")
  private Shell shell = Shell.bash;

  CompletionCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("not part of a command line");
    }
    out.print(AutoComplete.bash("verge", spec.root().commandLine()));
    return ExitCode.DONE;
  }
}
