package io.verge.runtime;

import io.verge.config.SiteConfig;
import io.verge.local.FrameView;
import io.verge.local.StatusView;
import io.verge.uplink.UplinkSettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The checks of {@code verge doctor}: each looks at one thing and says the next step. */
final class Doctor {
  /** The checks of the serial ports begin with it. */
  static final String PORT = "port ";

  private static final String SERVICE_USER = "verge";
  private static final long MIB = 1 << 20;

  private final SiteConfig site;
  private final Path data;
  private final Machine machine;
  private final Instant now;
  private final @Nullable StatusView status;
  private final Map<String, List<FrameView>> frames;
  private final LinkChecks links;

  /**
   * @param frames the last ones of each bus, if the gateway runs.
   * @param status what the running gateway says of itself, or null if none answers.
   */
  Doctor(
      SiteConfig site,
      Path data,
      Machine machine,
      Instant now,
      @Nullable StatusView status,
      Map<String, List<FrameView>> frames) {
    this.site = site;
    this.data = data;
    this.machine = machine;
    this.now = now;
    this.status = status;
    this.frames = frames;
    this.links = new LinkChecks(machine, now);
  }

  List<Finding> examine() throws IOException {
    List<Finding> findings = new ArrayList<>();
    findings.add(gateway());
    findings.add(clock());
    findings.add(folder());
    findings.add(space());
    findings.addAll(
        new BoardChecks(machine, data).examine(site, status == null ? null : status.buffer()));
    boolean serial = false;
    boolean lines = false;
    for (SiteConfig.Bus bus : site.buses()) {
      if (bus.port().scheme().equals("serial")) {
        serial = true;
        findings.add(port(bus));
      }
      lines |= bus.port().scheme().equals("gpio");
      wiring(findings, bus);
    }
    if (serial) {
      findings.add(group("dialout", "serial ports"));
    }
    if (lines) {
      findings.add(group("gpio", "GPIO lines"));
    }
    findings.addAll(links.network());
    for (UplinkSettings uplink : site.uplinks()) {
      for (int server = 0; server < uplink.servers().size(); server++) {
        findings.addAll(links.server(uplink.at(server)));
      }
      certificate(findings, "authority of " + uplink.name(), uplink.ca());
      certificate(findings, "certificate of " + uplink.name(), uplink.certificate());
    }
    if (status != null) {
      findings.addAll(LinkChecks.plan(status.uplinks()));
      findings.addAll(LinkChecks.recovery(status.uplinks()));
    }
    return findings;
  }

  private void wiring(List<Finding> findings, SiteConfig.Bus bus) {
    if (status != null) {
      status.buses().stream()
          .filter(view -> view.name().equals(bus.name()))
          .findFirst()
          .flatMap(view -> BusChecks.wiring(bus, view, frames.getOrDefault(bus.name(), List.of())))
          .ifPresent(findings::add);
    }
  }

  private Finding gateway() {
    if (status == null) {
      return Finding.warning(
          "gateway",
          "no gateway answers on " + site.socket(),
          "Start it: systemctl start verge   Its log: journalctl -u verge -e");
    }
    int problems = status.problems().size();
    return problems == 0
        ? Finding.good("gateway", "runs and reports no problems")
        : Finding.bad(
            "gateway",
            "runs and reports " + problems + (problems == 1 ? " problem" : " problems"),
            "See: verge status");
  }

  private Finding clock() {
    String advice =
        "Give it NTP (timedatectl set-ntp true); until then samples are dated since boot";
    if (status != null) {
      return status.clock().trusted()
          ? Finding.good("clock", "trusted, good to " + status.clock().uncertaintyMs() + " ms")
          : Finding.warning("clock", "not trusted by the gateway", advice);
    }
    if (machine.isClockSet()) {
      return Finding.good("clock", "set by NTP since boot, " + now);
    }
    return site.trustSystemClock()
        ? Finding.good("clock", "believed because time.trust = \"system\", " + now)
        : Finding.warning("clock", "not set by NTP since boot, shows " + now, advice);
  }

  private Finding folder() throws IOException {
    if (!Files.isDirectory(data)) {
      return Finding.bad(
          "data", data + " is not there", "Made by the service; by hand: verge run --data DIR");
    }
    String owner = Files.getOwner(data).getName();
    return owner.equals(SERVICE_USER) || Files.isWritable(data)
        ? Finding.good("data", data + " belongs to " + owner)
        : Finding.bad(
            "data",
            data + " belongs to " + owner + ", and you may not write there",
            "sudo chown -R " + SERVICE_USER + ":" + SERVICE_USER + " " + data);
  }

  private Finding space() throws IOException {
    if (!Files.isDirectory(data)) {
      return Finding.unknown("space", "no folder " + data + " to measure", "");
    }
    long free = Files.getFileStore(data).getUsableSpace();
    Path file = data.resolve("verge.db");
    long used = Files.isReadable(file) ? Files.size(file) : 0;
    long wanted = Math.max(0, site.store().maxBytes() - used) + site.store().minFreeBytes();
    String sentence =
        free / MIB
            + " MiB free; the store has "
            + used / MIB
            + " of "
            + site.store().maxBytes() / MIB
            + " MiB";
    if (free < site.store().minFreeBytes()) {
      return Finding.bad(
          "space", sentence, "The store no longer grows: free space, or lower store.max_size");
    }
    return free < wanted
        ? Finding.warning(
            "space",
            sentence + ", so it cannot reach its limit",
            "Lower store.max_size to " + (used + free - site.store().minFreeBytes()) / MIB + "MiB")
        : Finding.good("space", sentence);
  }

  private Finding port(SiteConfig.Bus bus) throws IOException {
    String check = PORT + bus.name();
    Path device = Path.of(bus.port().place());
    if (!Files.exists(device)) {
      return Finding.bad(
          check, device + " is not there", "Plugged in? See: ls -l /dev/verge /dev/serial/by-path");
    }
    if (machine.isConsole(device.toRealPath())) {
      return Finding.bad(
          check,
          device + " is the kernel's console",
          "Take console=" + device.getFileName() + " from the kernel's command line and restart");
    }
    Machine.Holders holders = machine.holders(device);
    boolean ours = status != null;
    if (holders.known().size() > (ours ? 1 : 0)) {
      return Finding.bad(
          check,
          device + " is held by " + join(holders.known()),
          "One bus, one owner: end the other program");
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Finding.unknown(
          check,
          device + " is there; you may not open it, the service may",
          "As root this check sees more: sudo verge doctor");
    }
    if (holders.hidden() > 0 && holders.known().isEmpty()) {
      return Finding.unknown(
          check,
          device + " is there; " + holders.hidden() + " processes could not be looked into",
          "As root this check sees more: sudo verge doctor");
    }
    return Finding.good(
        check, device + (holders.known().isEmpty() ? " is there and free" : " is the gateway's"));
  }

  private static String join(List<Machine.Holder> holders) {
    return String.join(", ", holders.stream().map(Machine.Holder::toString).toList());
  }

  private Finding group(String group, String what) throws IOException {
    String check = group.equals("dialout") ? "groups" : "group " + group;
    return machine.groupsOf(SERVICE_USER).contains(group)
        ? Finding.good(check, SERVICE_USER + " is in " + group + " and may open " + what)
        : Finding.bad(
            check,
            SERVICE_USER + " is not in " + group + ": the service may not open " + what,
            "sudo adduser " + SERVICE_USER + " " + group + " && sudo systemctl restart verge");
  }

  private void certificate(List<Finding> findings, String check, @Nullable Path file) {
    if (file == null) {
      return;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        if (one instanceof X509Certificate certificate) {
          findings.add(links.dates(check, certificate));
        }
      }
    } catch (IOException | CertificateException e) {
      findings.add(
          Finding.bad(
              check, file + " cannot be used: " + e.getMessage(), "A PEM file is expected"));
    }
  }
}
