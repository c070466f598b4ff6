package io.verge.runtime;

import io.verge.cli.VergeCommand;
import io.verge.driver.FrameDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.logging.Level;

/** The process. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    Logging.install(System.err, Level.INFO);
    List<FrameDecoder> decoders = new ArrayList<>();
    ServiceLoader.load(FrameDecoder.class).forEach(decoders::add);
    int code =
        VergeCommand.run(args, System.in, System.out, System.err, version(), List.copyOf(decoders));
    System.out.flush();
    System.exit(code);
  }

  /** The version in the jar's manifest, or {@code unpackaged} when run from class files. */
  public static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
