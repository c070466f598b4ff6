package io.verge.runtime;

import io.verge.cli.QuickLine;
import io.verge.cli.VergeCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;

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
      System.out.flush();
      System.exit(quick);
    }
    Logging.install(System.err, Level.INFO);
    List<Object> commands = new ArrayList<>();
    commands.add(new RunCommand(System.err));
    commands.add(
        new ScanCommand(
            System.out, System.err, Found.factories(), Found.transports(), Found.ticker()));
    commands.add(new DoctorCommand(System.out, System.err));
    commands.add(new BundleCommand(System.out, System.err));
    Found.extensions().forEach(extension -> commands.addAll(extension.commands()));
    int code =
        VergeCommand.run(
            args,
            System.in,
            System.out,
            System.err,
            version(),
            Found.decoders(),
            Found.configReader(List.of(), Set.of()),
            commands);
    System.out.flush();
    System.exit(code);
  }

  /** The version in the jar's manifest, or {@code unpackaged} when run from class files. */
  public static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
