package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "set-total",
    description =
        "Sets the total of a meter whose pulses the gateway counts to what its dial shows; exit"
            + " code 1 if it takes none.",
    footer = {
      "",
      "Example: verge meter set-total water-03 1234.567",
      "It holds over restarts, ends the count of lost edges, and leaves an event."
    },
    mixinStandardHelpOptions = true)
final class MeterTotalCommand extends Adjusting {
  private static final int LITRES = 3;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(index = "1", paramLabel = "M3", description = "Cubic metres, at most 3 decimals.")
  private String total = "";

  MeterTotalCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    if (!total.matches("[0-9]{1,9}(\\.[0-9]{1,3})?") && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "'" + total + "' is no total in m3, for example 1234.567");
    }
    JsonObject args = args();
    args.addProperty("litres", new BigDecimal(total).movePointRight(LITRES).longValueExact());
    return adjust(client, "set-total", args);
  }

  @Override
  List<String> told(CommandView done) {
    return List.of(
        done.target()
            + "  total "
            + cubicMetres(of(done, "litres"))
            + " m3 (was "
            + cubicMetres(of(done, "litres_before"))
            + ", "
            + of(done, "lost_before")
            + " edges lost)");
  }

  private static String cubicMetres(String litres) {
    return litres.matches("-?[0-9]{1,18}")
        ? BigDecimal.valueOf(Long.parseLong(litres), LITRES).toPlainString()
        : litres;
  }
}
