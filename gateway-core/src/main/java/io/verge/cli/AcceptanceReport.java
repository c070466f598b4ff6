package io.verge.cli;

import static io.verge.cli.SvgPlot.escape;

import io.verge.cli.Acceptance.Mark;
import io.verge.cli.Acceptance.Result;
import io.verge.cli.Acceptance.Step;
import io.verge.local.BusView;
import io.verge.local.PointView;
import io.verge.local.StatusView;
import io.verge.local.UplinkView;
import io.verge.local.VersionView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The acceptance report: one HTML file that needs nothing else, on a screen or on paper. */
final class AcceptanceReport {
  private static final long PHOTO_MAX = 4 << 20;

  private static final String STYLE =
      """
      :root{color-scheme:light dark;--ink:#1a1d21;--dim:#5d6670;--paper:#fff;--rule:#d9dee3;\
      --good:#17783a;--bad:#b3261e;--line:#1c62b8}
      @media(prefers-color-scheme:dark){:root{--ink:#e7eaee;--dim:#9aa4af;--paper:#14171b;\
      --rule:#30363d;--good:#62c98a;--bad:#ff8a80;--line:#7ab4ff}}
      body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);\
      max-width:60rem;margin:0 auto;padding:1.5rem}
      h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
      table{border-collapse:collapse;width:100%}
      th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;\
      border-bottom:1px solid var(--rule)}
      th{color:var(--dim);font-weight:600}code{font-size:.85em;overflow-wrap:anywhere}
      .dim{color:var(--dim)}.passed{color:var(--good)}.failed{color:var(--bad);font-weight:600}
      .skipped{color:var(--dim)}
      article{border:1px solid var(--rule);border-radius:8px;padding:.8rem 1rem;margin:.8rem 0;\
      break-inside:avoid}
      article h3{margin:0 0 .4rem;font-size:1rem}
      svg{max-width:26rem;width:100%;height:auto;display:block}
      svg text{font:9px system-ui,sans-serif;fill:var(--dim)}
      .line{fill:none;stroke:var(--line);stroke-width:1.5}.grid{stroke:var(--rule)}
      .bad{stroke:var(--bad)}
      .photo{border:1px dashed var(--rule);border-radius:6px;padding:.8rem;color:var(--dim)}
      img{max-width:100%;border-radius:6px}
      """;

  /** What the report tells of the gateway as a whole. */
  record Site(
      StatusView status,
      List<UplinkView> uplinks,
      List<PointView> points,
      @Nullable VersionView configuration,
      Map<String, String> plots,
      int expected) {}

  private final StringBuilder html = new StringBuilder();

  private AcceptanceReport() {}

  /**
   * @param photos where pictures are sought that were named.
   */
  static String of(Acceptance test, Site site, Path photos) throws IOException {
    AcceptanceReport report = new AcceptanceReport();
    report.head(test, site);
    report.buses(site.status().buses());
    report.links(site);
    report.versions(site);
    report.html.append("<h2>Assets</h2>");
    for (Result result : test.results()) {
      report.asset(result, site.plots().getOrDefault(result.asset(), ""), photos);
    }
    return report.html.append("</body></html>\n").toString();
  }

  private void head(Acceptance test, Site site) {
    StatusView status = site.status();
    long passed = test.count(true);
    long failed = test.count(false);
    long left = site.expected() - passed - failed;
    String verdict =
        failed + left == 0
            ? "<span class=\"passed\">accepted</span>"
            : "<span class=\"failed\">not accepted</span>";
    html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .append("style-src 'unsafe-inline'; img-src data:\">")
        .append("<title>Acceptance of ")
        .append(escape(status.gateway()))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(escape(status.name()))
        .append(": ")
        .append(verdict)
        .append("</h1><p class=\"dim\">Gateway ")
        .append(escape(status.gateway()))
        .append(", tested by ")
        .append(escape(test.by()))
        .append(", report of ")
        .append(escape(orElse(status.clock().utc(), "a time the clock did not know")))
        .append("</p><p>")
        .append(passed)
        .append(" of ")
        .append(site.expected())
        .append(" assets passed, ")
        .append(failed)
        .append(" failed, ")
        .append(left)
        .append(" not tried.</p>");
  }

  private static String orElse(@Nullable String text, String other) {
    return text == null ? other : text;
  }

  private void table(String title, String... heads) {
    html.append("<h2>").append(escape(title)).append("</h2><table><tr>");
    for (String head : heads) {
      html.append("<th>").append(escape(head)).append("</th>");
    }
    html.append("</tr>");
  }

  private void row(Object... cells) {
    html.append("<tr>");
    for (Object cell : cells) {
      html.append("<td>").append(escape(String.valueOf(cell))).append("</td>");
    }
    html.append("</tr>");
  }

  private void buses(List<BusView> buses) {
    table("Buses", "Bus", "Port", "State", "Devices", "Polls", "Not good", "Load");
    for (BusView bus : buses) {
      row(
          bus.name(),
          bus.port(),
          bus.state() + (bus.why().isEmpty() ? "" : ": " + bus.why()),
          bus.devices(),
          bus.polls(),
          String.format(
              Locale.ROOT,
              "%d (%.2f %%)",
              bus.failedPolls(),
              100.0 * bus.failedPolls() / Math.max(1, bus.polls())),
          bus.loadPercent() + " %");
    }
    html.append("</table>");
  }

  private void links(Site site) {
    table("Links", "Uplink", "Server", "State", "Last ack");
    for (UplinkView uplink : site.uplinks()) {
      row(
          uplink.name(),
          uplink.server(),
          uplink.state() + (uplink.why().isEmpty() ? "" : ": " + uplink.why()),
          Lines.ago(uplink.lastAckMs()));
    }
    html.append("</table>");
    List<PointView> signal =
        site.points().stream().filter(point -> point.unit().matches("dBm?W?")).toList();
    if (signal.isEmpty()) {
      html.append("<p class=\"dim\">No device here tells the strength of a signal.</p>");
    } else {
      table("Signal", "Point", "Value");
      for (PointView point : signal) {
        row(point.asset() + "/" + point.point(), Lines.withUnit(point.value(), point.unit()));
      }
      html.append("</table>");
    }
  }

  private void versions(Site site) {
    table("Versions", "What", "Which");
    row("Verge", site.status().version());
    VersionView configuration = site.configuration();
    if (configuration != null) {
      row("Configuration", "version " + configuration.number() + " by " + configuration.who());
      row("its SHA-256", configuration.sha256());
    }
    html.append("</table>");
  }

  private void asset(Result result, String plot, Path photos) throws IOException {
    Mark mark = result.isPassed() ? Mark.passed : Mark.failed;
    html.append("<article><h3>")
        .append(escape(result.asset()))
        .append(" <span class=\"")
        .append(mark)
        .append("\">")
        .append(mark)
        .append("</span> <span class=\"dim\">")
        .append(escape(result.place()))
        .append("</span></h3><table>");
    for (Step step : result.steps()) {
      html.append("<tr><td class=\"")
          .append(step.mark())
          .append("\">")
          .append(step.mark())
          .append("</td>");
      html.append("<td>").append(escape(step.name())).append("</td><td>");
      html.append(escape(step.found())).append("</td></tr>");
    }
    html.append("</table>").append(plot);
    html.append("<p><span class=\"dim\">Note:</span> ")
        .append(result.note().isEmpty() ? "none" : escape(result.note()))
        .append("</p>");
    photo(result, photos);
    html.append("<p class=\"dim\">")
        .append(escape(orElse(result.at(), "no clock")))
        .append("</p></article>");
  }

  private void photo(Result result, Path photos) throws IOException {
    String name = result.photo();
    if (name.isEmpty()) {
      html.append("<p class=\"photo\">Photo of ").append(escape(result.asset())).append("</p>");
      return;
    }
    String kind = name.toLowerCase(Locale.ROOT).replaceAll(".*\\.", "").replace("jpg", "jpeg");
    Path file = photos.resolve(name);
    boolean fits =
        kind.matches("jpeg|png|webp") && Files.isReadable(file) && Files.size(file) <= PHOTO_MAX;
    if (fits) {
      html.append("<img alt=\"Photo of ")
          .append(escape(result.asset()))
          .append("\" src=\"data:image/")
          .append(kind)
          .append(";base64,")
          .append(Base64.getEncoder().encodeToString(Files.readAllBytes(file)))
          .append("\">");
    } else {
      html.append("<p class=\"photo\">Photo: ").append(escape(name)).append("</p>");
    }
  }
}
