package io.verge.runtime;

import io.verge.cli.ExitCode;
import io.verge.cli.QuickLine;
import io.verge.cli.VergeCommand;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import picocli.CommandLine;

/** The process. */
public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    RunCommand run = RunCommand.usual(args, System.err);
    if (run != null) {
      Logging.install(System.err, Level.INFO);
      System.exit(run.call());
    }
    Integer quick = QuickLine.run(args, System.out, System.err);
    if (quick != null) {
      System.exit(written(quick));
    }
    Logging.install(System.err, Level.INFO);
    int code = line(System.in, System.out, System.err).execute(args);
    System.exit(written(code));
  }

  /**
   * What was printed may not have reached its file; a reader that has gone has had enough.
   *
   * @return the exit code to end with.
   */
  private static int written(int code) {
    if (!System.out.checkError()) {
      return code;
    }
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write('\n');
      System.err.println("verge: what was printed is not whole: writing it failed");
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      if (why.contains("Broken pipe")) {
        return code;
      }
      System.err.println("verge: what was printed is not whole: " + why);
    }
    return code == ExitCode.DONE ? ExitCode.WRONG : code;
  }

  /** Every command there is, those of the extensions on the class path included. */
  static CommandLine line(InputStream in, PrintStream out, PrintStream err) {
    List<Object> commands = new ArrayList<>();
    commands.add(new RunCommand(err));
    commands.add(new ScanCommand(out, err, Found.factories(), Found.transports(), Found.ticker()));
    commands.add(new DoctorCommand(out, err));
    commands.add(new BundleCommand(out, err));
    commands.add(new UpdateCommand(out, err));
    commands.add(new ProvisionCommand(out, err));
    Found.extensions().forEach(extension -> commands.addAll(extension.commands()));
    return VergeCommand.of(
        in,
        out,
        err,
        version(),
        Found.decoders(),
        Found.configReader(List.of(), Set.of()),
        commands);
  }

  /**
   * The version this was packed as, in the property {@code verge.version}; else that of the jar's
   * manifest, or {@code unpackaged} when run from class files.
   */
  public static String version() {
    String packed = System.getProperty("verge.version");
    if (packed != null) {
      return packed;
    }
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
