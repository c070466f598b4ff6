package io.verge.runtime;

import io.verge.cli.ExitCode;
import io.verge.provision.ProvisionException;
import io.verge.provision.Provisioning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code verge provision}. */
@Command(
    name = "provision",
    description =
        "Sets this machine up as the gateway of one site. The file is used up; what is wrong with it"
            + " is written to verge-site.errors.txt beside it, and then nothing was changed.",
    footer = {"", "Example: sudo verge provision /boot/efi/verge-site.toml"},
    mixinStandardHelpOptions = true)
final class ProvisionCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;

  @Parameters(paramLabel = "FILE", description = "the site file")
  private Path file = Path.of("unset");

  @Option(
      names = "--etc",
      paramLabel = "DIR",
      defaultValue = "/etc/verge",
      description = "where configuration and secrets are (default: ${DEFAULT-VALUE})")
  private Path etc = Path.of("unset");

  ProvisionCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    try {
      Provisioning.Done done =
          new Provisioning(etc, config -> Found.configReader(List.of(), Set.of()).read(config))
              .take(file);
      out.println("gateway      " + done.gateway());
      if (!done.fingerprint().isEmpty()) {
        out.println("fingerprint  " + done.fingerprint());
      }
      if (done.request() != null) {
        out.println("request      " + done.request());
      }
      out.println("Start it: systemctl enable verge; systemctl restart verge");
      return ExitCode.DONE;
    } catch (ProvisionException e) {
      e.problems().forEach(err::println);
      err.println("verge: " + e.getMessage() + "; nothing was changed");
      return ExitCode.USAGE;
    } catch (AccessDeniedException e) {
      err.println("verge: you may not open " + e.getFile());
      err.println("As root? sudo verge provision " + file);
      return ExitCode.REFUSED;
    }
  }
}
