package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "page",
    description =
        "Serves a page for phones, until it is ended: what is wrong, values, plots of the last day,"
            + " lamp tests.",
    footer = {
      "",
      "Example: verge page --bind 192.168.4.1:8080 --for 30m",
      "It prints a code, good for one phone; then the next one. HTTP is not encrypted:",
      "bind it to the cabinet's own Wi-Fi, or to 127.0.0.1 behind ssh -L."
    },
    mixinStandardHelpOptions = true)
final class PageCommand extends Asking {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS:PORT",
      defaultValue = "127.0.0.1:8080",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String bind = "";

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "Then it ends by itself (default: ${DEFAULT-VALUE}).")
  private String time = "";

  PageCommand(Screen screen) {
    super(screen);
  }

  @Override
  int ask(LocalClient client) throws Unreachable, Refused {
    client.ask("status", args(), LocalClient.ANSWER_MS);
    InetSocketAddress address = address();
    long forMs = forMs();
    int[] port = {address.getPort()};
    PageGuard guard =
        new PageGuard(
            new SecureRandom(), System::nanoTime, code -> announce(address, port[0], code));
    try (PageServer server =
        new PageServer(address, guard, new PageDesk(socket(), System::nanoTime))) {
      port[0] = server.port();
      server.start();
      guard.renew();
      CountDownLatch never = new CountDownLatch(1);
      if (never.await(forMs, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody ends it");
      }
    } catch (IOException e) {
      screen().error("cannot listen on " + bind + ": " + e.getMessage(), "Another --bind?");
      return ExitCode.USAGE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.DONE;
  }

  private void announce(InetSocketAddress address, int port, String code) {
    InetAddress at = address.getAddress();
    String host =
        at.isAnyLocalAddress()
            ? "ADDRESS-OF-THIS-GATEWAY"
            : at.getHostAddress().contains(":")
                ? "[" + at.getHostAddress() + "]"
                : at.getHostAddress();
    String url = "http://" + host + ":" + port + "/";
    if (json()) {
      JsonObject told = new JsonObject();
      told.addProperty("url", url);
      told.addProperty("code", code);
      screen().json(told);
    } else {
      screen().line(url + "   code for one phone: " + code);
      screen().line("  or open " + url + "#code=" + code);
    }
  }

  private InetSocketAddress address() {
    int colon = bind.lastIndexOf(':');
    String host = colon < 0 ? "" : bind.substring(0, colon).replaceAll("[\\[\\]]", "");
    String port = bind.substring(colon + 1);
    if (host.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw wrong("'" + bind + "' is not ADDRESS:PORT, for example 127.0.0.1:8080", null);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(host), Integer.parseInt(port));
    } catch (UnknownHostException e) {
      throw wrong("no address is known for the name " + host, e);
    }
  }

  private long forMs() {
    try {
      return Units.duration(time);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()), e);
    }
  }

  private RuntimeException wrong(String message, @Nullable Throwable cause) {
    return spec == null
        ? new IllegalArgumentException(message, cause)
        : new ParameterException(spec.commandLine(), message, cause);
  }
}
