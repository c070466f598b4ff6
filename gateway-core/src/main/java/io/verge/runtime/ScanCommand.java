package io.verge.runtime;

import com.google.gson.JsonObject;
import io.verge.bytes.Decoded;
import io.verge.cli.ExitCode;
import io.verge.driver.BusException;
import io.verge.driver.BusScanner;
import io.verge.driver.DriverFactory;
import io.verge.local.BusView;
import io.verge.local.LocalClient;
import io.verge.local.StatusView;
import io.verge.poll.BusSettings;
import io.verge.poll.ScanBus;
import io.verge.time.Ticker;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import io.verge.transport.TransportProvider;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code verge scan}: finds devices on a port that no gateway holds. A running gateway's ports are
 * refused: two masters on one bus spoil each other's answers.
 */
@Command(
    name = "scan",
    description = {
      "Finds the devices on a bus, over its usual speeds and formats, and proposes configuration.",
      "The port must be free: a bus of a running gateway is refused. Only reads.",
      "BUS gpio lists the GPIO chips with their lines, and who holds them."
    },
    footer = {"", "Example: verge scan /dev/ttyUSB0 --mbus", "         verge scan gpio"},
    mixinStandardHelpOptions = true)
public final class ScanCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  private final List<DriverFactory> factories;
  private final List<TransportProvider> transports;
  private final Ticker ticker;

  @Parameters(
      index = "0",
      paramLabel = "BUS",
      description =
          "A port: a path, or as in the configuration; its baud and format are tried alone.")
  private String port = "";

  /** Which protocol. */
  static final class Family {
    @Option(names = "--modbus", description = "Modbus RTU, addresses 1 to 247.")
    private boolean modbus;

    @Option(names = "--mbus", description = "M-Bus, by secondary address.")
    private boolean mbus;

    @Option(names = "--cjt188", description = "CJ/T 188 meters, by address.")
    private boolean cjt188;

    @Option(names = "--dlt645", description = "DL/T 645 meters, by address.")
    private boolean dlt645;

    @Option(names = "--dali", description = "DALI gear behind a master, addresses 0 to 63.")
    private boolean dali;

    @Option(
        names = "--listen",
        description = "Sensors that talk by themselves; sends nothing: a02, maxbotix, tfmini, …")
    private boolean listen;

    boolean wants(BusScanner scanner) {
      return listen ? scanner.listens() : scanner.protocol().equals(word());
    }

    String word() {
      if (listen) {
        return "sensors that talk by themselves";
      }
      if (modbus || mbus) {
        return modbus ? "modbus" : "mbus";
      }
      if (cjt188 || dlt645) {
        return cjt188 ? "cjt188" : "dlt645";
      }
      return "dali";
    }
  }

  @ArgGroup(multiplicity = "0..1")
  private @Nullable Family family;

  @Option(names = "--all", description = "Tries all speeds, also after devices were found.")
  private boolean all;

  @Option(
      names = "--timeout",
      paramLabel = "MS",
      description =
          "How long a device may take to answer; by default as long as its protocol says.")
  private int timeoutMs;

  @Option(names = "--json", description = "One JSON object a device.")
  private boolean json;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description = "The control socket of a gateway that may hold the port (${DEFAULT-VALUE}).",
      defaultValue = "${env:VERGE_SOCKET:-/run/verge/verge.sock}")
  private Path socket = Path.of("");

  public ScanCommand(
      PrintStream out,
      PrintStream err,
      List<DriverFactory> factories,
      List<TransportProvider> transports,
      Ticker ticker) {
    this.out = out;
    this.err = err;
    this.factories = List.copyOf(factories);
    this.transports = List.copyOf(transports);
    this.ticker = ticker;
  }

  @Override
  public Integer call() {
    Family wanted = family;
    TransportProvider lines = lines(port);
    if (lines != null && wanted == null) {
      int colon = port.indexOf(':');
      return new ChipPrinter(out, err, json)
          .print(lines, colon < 0 ? "" : port.substring(colon + 1));
    }
    if (wanted == null) {
      return refuse(
          "which devices? --modbus, --mbus, --cjt188, --dlt645, --dali or --listen;"
              + "\n       for GPIO lines: verge scan gpio",
          ExitCode.USAGE);
    }
    return search(wanted);
  }

  private int search(Family wanted) {
    Decoded<PortUri> parsed = PortUri.parse(port.startsWith("/") ? "serial:" + port : port);
    if (!(parsed instanceof Decoded.Valid<PortUri> valid)) {
      return refuse(((Decoded.Invalid<PortUri>) parsed).reason(), ExitCode.USAGE);
    }
    PortUri uri = valid.value();
    TransportProvider provider = provider(uri);
    List<BusScanner> scanners = scanners(wanted);
    if (provider == null || scanners.isEmpty()) {
      return refuse("nothing can search " + uri + " for " + wanted.word(), ExitCode.USAGE);
    }
    if (timeoutMs != 0 && (timeoutMs < 10 || timeoutMs > 5_000)) {
      return refuse("--timeout " + timeoutMs + ", expected 10..5000", ExitCode.USAGE);
    }
    String holder = holder(uri);
    if (holder != null) {
      return refuse(
          "bus "
              + holder
              + " of the running gateway holds "
              + uri.place()
              + "\n       Stop it first: systemctl stop verge",
          ExitCode.REFUSED);
    }
    return search(uri, provider, scanners);
  }

  private int refuse(String message, int code) {
    err.println("verge: " + message);
    return code;
  }

  private @Nullable TransportProvider provider(PortUri uri) {
    return transports.stream()
        .filter(one -> one.scheme().equals(uri.scheme()) && !one.hasLines())
        .findFirst()
        .orElse(null);
  }

  /** Whoever has the chips of this scheme: {@code gpio}, or {@code gpio:gpiochip0}. */
  private @Nullable TransportProvider lines(String place) {
    return transports.stream()
        .filter(one -> one.hasLines() && place.split(":", 2)[0].equals(one.scheme()))
        .findFirst()
        .orElse(null);
  }

  private List<BusScanner> scanners(Family wanted) {
    List<BusScanner> scanners = new ArrayList<>();
    for (DriverFactory factory : factories) {
      BusScanner scanner = factory.scanner();
      if (scanner != null && wanted.wants(scanner)) {
        scanners.add(scanner);
      }
    }
    return scanners;
  }

  /** The gateway's bus on this port; null where there is none, or no gateway. */
  private @Nullable String holder(PortUri uri) {
    try (LocalClient client = LocalClient.open(socket)) {
      StatusView status =
          client.view(
              client.ask("status", new JsonObject(), LocalClient.ANSWER_MS), StatusView.class);
      for (BusView bus : status.buses()) {
        if (PortUri.parse(bus.port()) instanceof Decoded.Valid<PortUri> held
            && held.value().place().equals(uri.place())) {
          return bus.name();
        }
      }
      return null;
    } catch (LocalClient.Unreachable e) {
      return null;
    } catch (LocalClient.Refused | java.io.IOException e) {
      err.println(
          "verge: the running gateway does not say which ports it holds: " + e.getMessage());
      return null;
    }
  }

  private int search(PortUri uri, TransportProvider provider, List<BusScanner> scanners) {
    int found = 0;
    try {
      for (BusScanner scanner : scanners) {
        found += found > 0 && !all ? 0 : search(uri, provider, scanner);
      }
    } catch (TransportException | BusException e) {
      return refuse(String.valueOf(e.getMessage()), ExitCode.WRONG);
    }
    if (found == 0) {
      err.println(
          "verge: no device answers. Check wiring (A and B swapped?), supply, termination; then --all");
    }
    return found > 0 ? ExitCode.DONE : ExitCode.WRONG;
  }

  private int search(PortUri uri, TransportProvider provider, BusScanner scanner)
      throws TransportException, BusException {
    boolean fixed = uri.options().containsKey("baud") || !uri.scheme().equals("serial");
    List<String> formats = fixed ? List.of("") : scanner.formats();
    int timeout = timeoutMs == 0 ? scanner.timeoutMs() : timeoutMs;
    int found = 0;
    for (String format : formats) {
      PortUri tried = with(uri, format);
      ScanPrinter printer = new ScanPrinter(out, err, json, tried, scanner.protocol());
      BusSettings settings = new BusSettings("scan", timeout, 0, 50, false);
      try (ScanBus bus = ScanBus.open(settings, tried, provider, ticker, (n, t, s, b) -> {})) {
        printer.begin();
        scanner.scan(bus.session(), printer);
      }
      found += printer.end();
      if (found > 0 && !all) {
        break;
      }
    }
    return found;
  }

  private static PortUri with(PortUri uri, String format) {
    Map<String, String> options = new LinkedHashMap<>(uri.options());
    for (String pair : format.isEmpty() ? new String[0] : format.split("&", -1)) {
      options.putIfAbsent(
          pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    return new PortUri(uri.scheme(), uri.place(), options);
  }
}
