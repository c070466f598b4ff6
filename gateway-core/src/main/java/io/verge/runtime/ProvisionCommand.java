package io.verge.runtime;

import io.verge.cli.ExitCode;
import io.verge.config.ConfigReader;
import io.verge.config.SiteConfig;
import io.verge.provision.Label;
import io.verge.provision.ProvisionException;
import io.verge.provision.Provisioning;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

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

  @Parameters(paramLabel = "FILE", arity = "0..1", description = "the site file")
  private @Nullable Path file;

  @Option(
      names = "--etc",
      scope = ScopeType.INHERIT,
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
    if (file == null) {
      err.println("verge: which site file? For example: verge provision verge-site.toml");
      return ExitCode.USAGE;
    }
    return take(file);
  }

  private int take(Path file) throws IOException {
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

  @Command(
      name = "label",
      description =
          "Draws a label of 100 by 50 mm for the cabinet: the gateway's id, and the fingerprint of its"
              + " public key, to read and as a QR code. Holds no secret.",
      footer = {"", "Example: sudo verge provision label --out label.svg"},
      mixinStandardHelpOptions = true)
  int label(
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "where to (default: standard output)")
          @Nullable Path target)
      throws IOException, GeneralSecurityException {
    Path configuration = etc.resolve("gateway.toml");
    ConfigReader.Result read = Found.configReader(List.of(), Set.of()).read(configuration);
    SiteConfig config = read.config();
    if (config == null) {
      read.problems().forEach(err::println);
      err.println("verge: " + configuration + " says no gateway; first: verge provision FILE");
      return ExitCode.USAGE;
    }
    try {
      Label label = Label.of(etc, config.gateway(), config.name());
      if (target == null) {
        out.print(label.svg());
      } else {
        Files.writeString(target, label.svg());
        out.println(target + ": " + label.text());
      }
      return ExitCode.DONE;
    } catch (AccessDeniedException e) {
      err.println("verge: you may not open " + e.getFile());
      err.println("As root? sudo verge provision label");
      return ExitCode.REFUSED;
    }
  }
}
