package io.verge.cli;

import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "version",
    description = "Prints the versions of Verge and of its Java runtime.",
    footer = {"", "Example: verge version --json"},
    mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {
  private final String version;
  private final PrintStream out;

  @Option(names = "--json", description = "One JSON object: verge, java, os.")
  private boolean json;

  VersionCommand(String version, PrintStream out) {
    this.version = version;
    this.out = out;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.version", "?");
    String os = System.getProperty("os.name", "?") + " " + System.getProperty("os.arch", "?");
    if (json) {
      JsonObject object = new JsonObject();
      object.addProperty("verge", version);
      object.addProperty("java", java);
      object.addProperty("os", os);
      out.println(object);
    } else {
      out.println("verge " + version + "  (Java " + java + ", " + os + ")");
    }
    return ExitCode.DONE;
  }
}
