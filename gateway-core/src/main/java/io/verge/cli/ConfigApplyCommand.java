package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.config.ConfigReader;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.Packed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description =
        "Runs a configuration on trial: it holds once every bus, device and uplink that worked"
            + " before, or is new, works; else the one before returns by itself.",
    footer = {
      "",
      "Example: verge config apply new.toml --within 5m",
      "Exit code 1: it was given back; 4: it was refused."
    },
    mixinStandardHelpOptions = true)
final class ConfigApplyCommand extends ConfigChanging {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The new configuration.")
  private Path file = Path.of("");

  @Option(
      names = "--within",
      paramLabel = "TIME",
      defaultValue = "5m",
      description = "How long it may take to prove itself (default: ${DEFAULT-VALUE}).")
  private String within = "";

  @Option(
      names = "--by-hand",
      description = "It holds only if you say so within TIME: verge config confirm.")
  private boolean byHand;

  @Option(names = "--if-version", paramLabel = "N", description = "Only if version N still runs.")
  private long ifVersion;

  @Option(names = "--no-wait", description = "Return while it is on trial.")
  private boolean noWait;

  private String packed = "";

  ConfigApplyCommand(Screen screen) {
    super(screen);
  }

  @Override
  @Nullable Integer alone() {
    try {
      packed = Packed.pack(new String(ConfigReader.bytes(file), StandardCharsets.UTF_8));
    } catch (IOException e) {
      if (spec != null) {
        throw new ParameterException(spec.commandLine(), file + " cannot be read", e);
      }
    }
    return null;
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    JsonObject args = change("apply");
    args.addProperty("toml", packed);
    args.addProperty("by_hand", byHand);
    args.addProperty("if_version", ifVersion);
    try {
      args.addProperty("within_ms", Units.duration(within));
    } catch (IllegalArgumentException e) {
      if (spec == null) {
        throw e;
      }
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return follow(client, args, !noWait && !byHand);
  }
}
