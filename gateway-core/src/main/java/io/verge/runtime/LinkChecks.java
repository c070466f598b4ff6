package io.verge.runtime;

import io.verge.local.UplinkView;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** What {@code verge doctor} asks of the way to the city: route, modem, names, TLS, data plan. */
final class LinkChecks {
  private static final Duration SOON = Duration.ofDays(30);
  private static final int HANDSHAKE_MS = 10_000;
  private static final int WEAK_PERCENT = 30;
  private static final int PLAN_WARNING = 80;
  private static final String RECOVERY = "recovery of the modem";
  private static final Map<String, Integer> PORTS =
      Map.of("mqtt", 1883, "mqtts", 8883, "coap", 5683, "coaps", 5684);

  private final Machine machine;
  private final Instant now;

  LinkChecks(Machine machine, Instant now) {
    this.machine = machine;
    this.now = now;
  }

  /** Route and modem. */
  List<Finding> network() throws IOException {
    List<Finding> findings = new ArrayList<>();
    List<String> routes = machine.defaultRoutes();
    findings.add(
        routes.isEmpty()
            ? Finding.bad(
                "network",
                "there is no default route",
                "Cable or modem: ip link; ip route; nmcli device")
            : Finding.good("network", "default route over " + String.join(", ", routes)));
    Optional<Map<String, String>> modem = machine.modem();
    modem.ifPresent(said -> findings.add(modem(said)));
    return findings;
  }

  private static Finding modem(Map<String, String> said) {
    String state = said.getOrDefault("modem.generic.state", "unknown");
    String signal = said.getOrDefault("modem.generic.signal-quality.value", "");
    String operator = said.getOrDefault("modem.3gpp.operator-name", "--");
    String sentence = state + ", operator " + operator + ", signal " + signal + " %";
    if (state.equals("failed") || state.equals("locked")) {
      return Finding.bad(
          "modem",
          sentence
              + ": "
              + said.getOrDefault("modem.generic.state-failed-reason", "no reason told"),
          "SIM in its slot, PIN off? mmcli -m any");
    }
    if (!state.equals("connected")) {
      return Finding.warning(
          "modem", sentence, "APN, registration: mmcli -m any; nmcli connection");
    }
    boolean weak = signal.matches("[0-9]{1,3}") && Integer.parseInt(signal) < WEAK_PERCENT;
    return weak
        ? Finding.warning("modem", sentence + ": weak", "The aerial: outside the metal, its plug?")
        : Finding.good("modem", sentence);
  }

  /** Name, port and TLS of one server. */
  List<Finding> server(UplinkSettings uplink) {
    List<Finding> findings = new ArrayList<>();
    String check = "uplink " + uplink.name();
    String scheme = String.valueOf(uplink.uri().getScheme());
    String host = uplink.uri().getHost();
    if (host == null) {
      findings.add(Finding.bad(check, uplink.uri() + " has no host", "verge config check FILE"));
      return findings;
    }
    if (!host.matches("[0-9.]+|\\[.*\\]") && !isResolved(findings, uplink.name(), host)) {
      return findings;
    }
    int port = uplink.uri().getPort() < 0 ? PORTS.getOrDefault(scheme, 0) : uplink.uri().getPort();
    if (!scheme.startsWith("mqtt")) {
      findings.add(
          Finding.unknown(
              check,
              scheme + " is not probed; only the gateway's own session tells",
              "verge uplink"));
      return findings;
    }
    try {
      if (scheme.equals("mqtts")) {
        tls(findings, uplink, host, port);
      } else {
        machine.reach(host, port);
      }
      findings.add(Finding.good(check, host + ":" + port + " takes connections"));
    } catch (IOException e) {
      findings.add(
          Finding.bad(
              check,
              host + ":" + port + " cannot be reached: " + e.getMessage(),
              "Check the modem, the route (ip route), the back end's address and certificates"));
    }
    return findings;
  }

  private static boolean isResolved(List<Finding> findings, String name, String host) {
    try {
      String address = InetAddress.getByName(host).getHostAddress();
      findings.add(Finding.good("name of " + name, host + " is " + address));
      return true;
    } catch (UnknownHostException e) {
      findings.add(
          Finding.bad(
              "name of " + name,
              "no address is known for the name " + host,
              "Name servers: cat /etc/resolv.conf; resolvectl query " + host));
      return false;
    }
  }

  /** A handshake as the uplink makes it; the server's certificate tells its dates. */
  private void tls(List<Finding> findings, UplinkSettings uplink, String host, int port)
      throws IOException {
    try (Socket plain = machine.connect(host, port);
        SSLSocket socket =
            (SSLSocket)
                Tls.context(uplink.ca(), uplink.certificate(), uplink.key())
                    .getSocketFactory()
                    .createSocket(plain, host, port, true)) {
      socket.setSoTimeout(HANDSHAKE_MS);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      for (Certificate one : socket.getSession().getPeerCertificates()) {
        if (one instanceof X509Certificate certificate) {
          findings.add(dates("server of " + uplink.name(), certificate));
          break;
        }
      }
    }
  }

  /** How long a certificate still holds. */
  Finding dates(String check, X509Certificate certificate) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    String span = "holds from " + from + " to " + until;
    if (now.isBefore(from)) {
      return Finding.bad(check, span + ", and this clock shows " + now, "Is the clock right?");
    }
    if (now.isAfter(until)) {
      return Finding.bad(check, span + ": expired", "Put a new file in its place");
    }
    return now.plus(SOON).isAfter(until)
        ? Finding.warning(check, span + ": less than 30 days left", "Have it renewed")
        : Finding.good(check, span);
  }

  /** What the gateway does about its modem. */
  static List<Finding> recovery(List<UplinkView> uplinks) {
    List<Finding> findings = new ArrayList<>();
    uplinks.stream()
        .map(UplinkView::recovery)
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(
            modem -> {
              String steps = modem.today().isEmpty() ? "" : ", steps in 24 h: " + modem.today();
              String sentence = modem.state() + steps;
              findings.add(
                  modem.locked()
                      ? Finding.bad(
                          RECOVERY, sentence, "SIM, aerial, data plan: verge uplink, mmcli -m any")
                      : modem.silentMs() > 0 && !modem.today().isEmpty()
                          ? Finding.warning(RECOVERY, sentence, "verge uplink; verge events")
                          : Finding.good(RECOVERY, sentence));
            });
    return findings;
  }

  /** What a month may cost, where the configuration says so. */
  static List<Finding> plan(List<UplinkView> uplinks) {
    List<Finding> findings = new ArrayList<>();
    for (UplinkView uplink : uplinks) {
      if (uplink.budgetBytes() > 0) {
        long percent = uplink.monthBytes() * 100 / uplink.budgetBytes();
        String sentence = percent + " % of this month's bytes are used";
        findings.add(
            percent >= PLAN_WARNING
                ? Finding.warning("data plan of " + uplink.name(), sentence, "verge uplink")
                : Finding.good("data plan of " + uplink.name(), sentence));
      }
    }
    return findings;
  }
}
