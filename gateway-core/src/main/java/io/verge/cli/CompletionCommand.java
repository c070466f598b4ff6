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
    description =
        "Prints what lets a shell complete the commands, and the names of the gateway's assets.",
    footer = {"", "Example: . <(verge completion bash)"},
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /** Shells whose completion is known; zsh reads that of bash. */
  enum Shell {
    bash
  }

  /** Commands that take an asset or a point also offer those of the running gateway. */
  private static final String NAMES =
      """

      _verge_with_names() {
        local word=${COMP_WORDS[COMP_CWORD]}
        _complete_verge
        [ "$COMP_CWORD" -ge 2 ] && [[ $word != -* ]] || return 0
        case ${COMP_WORDS[1]} in
          read | lamp | history | points | watch | calibrate | forecast | meter) ;;
          *) return 0 ;;
        esac
        local names
        names=$(verge points 2>/dev/null | awk 'NR > 1 { print $1; sub("/.*", "", $1); print $1 }' | sort -u)
        COMPREPLY+=($(compgen -W "$names" -- "$word"))
      }
      complete -F _verge_with_names -o default verge verge.sh verge.bash
      """;

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
    out.print(NAMES);
    return ExitCode.DONE;
  }
}
