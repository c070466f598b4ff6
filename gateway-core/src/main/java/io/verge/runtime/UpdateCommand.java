package io.verge.runtime;

import com.google.gson.Gson;
import io.verge.cli.ExitCode;
import io.verge.update.BundleMaker;
import io.verge.update.Keys;
import io.verge.update.Stick;
import io.verge.update.UpdateException;
import io.verge.update.Updater;
import io.verge.update.Version;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** {@code verge update …}. Always run from the package, whatever version the gateway runs. */
@Command(
    name = "update",
    description = "Applies signed bundles, and takes back what does not do its work.",
    footer = {"", "Example: sudo verge update apply /media/usb/verge_0.2.0_arm64.vup"},
    mixinStandardHelpOptions = true)
final class UpdateCommand {
  /** Of a command that starts no version. */
  private static final Updater.Patience AT_ONCE =
      new Updater.Patience(Duration.ofSeconds(1), Duration.ZERO);

  private static final Updater.Patience OF_A_START =
      new Updater.Patience(Duration.ofSeconds(300), Duration.ofSeconds(30));

  private final PrintStream out;
  private final PrintStream err;

  @Option(
      names = "--root",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      defaultValue = InstalledUpdates.ROOT,
      description = "where versions lie (default: ${DEFAULT-VALUE})")
  private Path root = Path.of("unset");

  @Option(
      names = "--keys",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      defaultValue = InstalledUpdates.KEYS,
      description = "public keys of who may sign (default: ${DEFAULT-VALUE})")
  private Path keys = Path.of("unset");

  @Option(
      names = "--socket",
      scope = ScopeType.INHERIT,
      paramLabel = "PATH",
      defaultValue = "/run/verge/verge.sock",
      description = "control socket of the gateway (default: ${DEFAULT-VALUE})")
  private Path socket = Path.of("unset");

  UpdateCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Command(
      name = "apply",
      description =
          "Verifies a bundle, starts its version and waits until buses and uplinks are back; else"
              + " the version before returns by itself (exit code 1).",
      footer = {"", "Example: sudo verge update apply verge_0.2.0_arm64.vup"},
      mixinStandardHelpOptions = true)
  int apply(
      @Parameters(paramLabel = "FILE", description = "the bundle") Path file,
      @Mixin PatienceOptions patience)
      throws IOException {
    return patience.isPossible(err)
        ? doing("apply", () -> ended(updater(patience.patience()), file))
        : ExitCode.USAGE;
  }

  @Command(
      name = "stick",
      description = {
        "Applies the newest bundle in verge-update/ of a mounted stick; says of the others why not.",
        "Run by itself when a stick is plugged in, if update keys are installed."
      },
      footer = {"", "Example: sudo verge update stick /media/usb"},
      mixinStandardHelpOptions = true)
  int stick(
      @Parameters(paramLabel = "DIR", description = "where the stick is mounted") Path stick,
      @Mixin PatienceOptions patience)
      throws IOException {
    return patience.isPossible(err)
        ? doing("stick", () -> taken(updater(patience.patience()), stick))
        : ExitCode.USAGE;
  }

  private int taken(Updater updater, Path stick) throws IOException, UpdateException {
    Stick.Choice choice = Stick.look(stick, updater);
    choice.refused().forEach(line -> out.println("refused: " + line));
    Path bundle = choice.bundle();
    if (bundle != null) {
      out.println("taken: " + bundle.getFileName());
      return ended(updater, bundle);
    }
    if (choice.refused().isEmpty()) {
      out.println("no verge-update/*.vup on it");
      return ExitCode.DONE;
    }
    out.println("still running: " + updater.state().current());
    return ExitCode.REFUSED;
  }

  private int ended(Updater updater, Path file) throws IOException, UpdateException {
    if (updater.apply(file)) {
      out.println("confirmed: " + updater.state().current() + " runs");
      return ExitCode.DONE;
    }
    out.println("rolled back: " + updater.state().current() + " runs; " + updater.state().why());
    return ExitCode.WRONG;
  }

  @Command(
      name = "check",
      description = "Says whether a bundle would be taken; changes nothing.",
      footer = {"", "Example: verge update check verge_0.2.0_arm64.vup"},
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", description = "the bundle") Path file)
      throws IOException {
    return doing(
        "check",
        () -> {
          out.println("OK: " + updater(AT_ONCE).check(file));
          return ExitCode.DONE;
        });
  }

  @Command(
      name = "status",
      description = "Which version runs, which is on trial, how the last update ended.",
      footer = {"", "Example: verge update status --json"},
      mixinStandardHelpOptions = true)
  int status(@Option(names = "--json", description = "one object") boolean json)
      throws IOException {
    return doing(
        "status",
        () -> {
          Updater.State state = updater(AT_ONCE).state();
          if (json) {
            out.println(new Gson().toJson(state));
          } else {
            print(state);
          }
          return state.trial().isEmpty() ? ExitCode.DONE : ExitCode.WRONG;
        });
  }

  private void print(Updater.State state) {
    out.println("package   " + state.installed());
    out.println("current   " + state.current());
    if (!state.trial().isEmpty()) {
      out.println("on trial  " + state.trial() + "; ends by itself, or: verge update settle");
    }
    if (!state.outcome().isEmpty()) {
      String why = state.why().isEmpty() ? "" : ": " + state.why();
      out.println("last      " + state.lastVersion() + " " + state.outcome() + why);
    }
  }

  @Command(
      name = "rollback",
      description = "Goes back to the version before the last update, or to the package's own.",
      footer = {"", "Example: sudo verge update rollback"},
      mixinStandardHelpOptions = true)
  int rollback() throws IOException {
    return doing(
        "rollback",
        () -> {
          out.println("now starting " + updater(AT_ONCE).rollback());
          return ExitCode.DONE;
        });
  }

  @Command(
      name = "settle",
      description = "Ends an update that a power cut left open; run at every start.",
      footer = {"", "Example: sudo verge update settle"},
      mixinStandardHelpOptions = true)
  int settle() throws IOException {
    return doing(
        "settle",
        () -> {
          boolean meant = updater(OF_A_START).settle();
          print(updater(AT_ONCE).state());
          return meant ? ExitCode.DONE : ExitCode.WRONG;
        });
  }

  @Command(
      name = "make",
      description = "Packs and signs a bundle; for who builds software, not for gateways.",
      footer = {
        "",
        "Example: verge update make app --of 0.2.0 --arch arm64 --key update.key \\",
        "  --out verge_0.2.0_arm64.vup"
      },
      mixinStandardHelpOptions = true)
  int make(
      @Parameters(paramLabel = "DIR", description = "lib, native, java.args, classes.list")
          Path folder,
      @Option(names = "--of", required = true, paramLabel = "VERSION", description = "its version")
          String version,
      @Option(names = "--arch", required = true, description = "amd64, arm64 or armhf") String arch,
      @Option(names = "--java", defaultValue = "17", description = "Java it needs (default: 17)")
          int java,
      @Option(names = "--key", required = true, paramLabel = "PEM", description = "private key")
          Path key,
      @Option(
              names = "--without",
              paramLabel = "FILE",
              description = "leave out what this earlier bundle holds")
          @Nullable Path older,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "the bundle")
          Path target)
      throws IOException {
    if (!Version.isOne(version)) {
      err.println("verge: --of " + version + ": expected for example 0.2.0");
      return ExitCode.USAGE;
    }
    return doing(
        "make",
        () -> {
          long bytes =
              BundleMaker.make(
                  folder, new Version(version), arch, java, Keys.privateKey(key), older, target);
          out.println(target + ": " + bytes + " bytes");
          return ExitCode.DONE;
        });
  }

  private interface Doing {
    int run() throws IOException, UpdateException;
  }

  private int doing(String what, Doing doing) throws IOException {
    try {
      return doing.run();
    } catch (UpdateException e) {
      err.println("verge: " + e.getMessage());
      err.println(Character.toUpperCase(e.next().charAt(0)) + e.next().substring(1));
      return ExitCode.REFUSED;
    } catch (AccessDeniedException e) {
      err.println("verge: you may not open " + e.getFile());
      err.println("As root? sudo verge update " + what);
      return ExitCode.REFUSED;
    }
  }

  private Updater updater(Updater.Patience patience) throws IOException, UpdateException {
    return InstalledUpdates.updater(root, keys, socket, err, patience);
  }
}
