package io.verge.provision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Locale;

/**
 * A label for a gateway's cabinet: its id and the fingerprint of its public key, to read and to
 * scan. Holds no secret.
 *
 * @param gateway its id.
 * @param site name of the site; may be empty.
 * @param fingerprint SHA-256 of its public key, hex with colons; empty: it has no key of its own.
 */
public record Label(String gateway, String site, String fingerprint) {
  private static final int WIDTH_MM = 100;
  private static final int HEIGHT_MM = 50;
  private static final double CODE_MM = 44;
  private static final int CHARACTERS_A_LINE = 24;
  private static final double TEXT_MM = 51;

  /** Of a monospaced character's height; that of most fonts is 0.6. */
  private static final double CHARACTER_WIDTH = 0.62;

  /** The label of a machine that was provisioned. */
  public static Label of(Path etc, String gateway, String site)
      throws IOException, GeneralSecurityException {
    Path privateHalf = etc.resolve("secrets/gateway.key");
    Path publicHalf = etc.resolve("secrets/gateway.pub");
    boolean hasKey = Files.exists(publicHalf) && Files.exists(privateHalf);
    return new Label(
        gateway, site, hasKey ? GatewayKey.read(privateHalf, publicHalf).fingerprint() : "");
  }

  /** What the code says: {@code verge:gw-0042} and, with a key, {@code ?sha256=} and its sum. */
  public String text() {
    String sum = fingerprint.replace(":", "");
    return "verge:" + gateway + (sum.isEmpty() ? "" : "?sha256=" + sum);
  }

  /** 100 by 50 mm, black on white, one font every system has. */
  public String svg() {
    QrCode code = QrCode.of(text().getBytes(StandardCharsets.UTF_8));
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%dmm\" height=\"%dmm\""
                + " viewBox=\"0 0 %d %d\">%n<rect width=\"100%%\" height=\"100%%\""
                + " fill=\"#fff\"/>%n",
            WIDTH_MM,
            HEIGHT_MM,
            WIDTH_MM,
            HEIGHT_MM));
    double module = CODE_MM / (code.size() + 2 * QrCode.QUIET);
    svg.append(
        String.format(
            Locale.ROOT,
            "<path transform=\"translate(1 3) scale(%.5f) translate(%d %d)\" d=\"%s\"/>%n",
            module,
            QrCode.QUIET,
            QrCode.QUIET,
            path(code)));
    svg.append("<g font-family=\"monospace\" font-size=\"3\">\n");
    line(svg, 11, 6, gateway);
    line(svg, 17, 3, site);
    line(svg, 26, 2.5, fingerprint.isEmpty() ? "no key of its own" : "SHA-256 of its public key");
    for (int from = 0; from < fingerprint.length(); from += CHARACTERS_A_LINE) {
      String part =
          fingerprint.substring(from, Math.min(fingerprint.length(), from + CHARACTERS_A_LINE));
      line(svg, 30.5 + 4.0 * from / CHARACTERS_A_LINE, 3, part.replaceFirst(":$", ""));
    }
    return svg.append("</g>\n</svg>\n").toString();
  }

  private static String path(QrCode code) {
    StringBuilder path = new StringBuilder();
    for (int row = 0; row < code.size(); row++) {
      int column = 0;
      while (column < code.size()) {
        int end = column;
        while (end < code.size() && code.isDark(row, end)) {
          end++;
        }
        if (end > column) {
          path.append('M').append(column).append(' ').append(row);
          path.append('h').append(end - column).append("v1h").append(column - end).append('z');
        }
        column = end + 1;
      }
    }
    return path.toString();
  }

  /** In the size wanted, or as large as it fits. */
  private static void line(StringBuilder svg, double y, double size, String text) {
    String escaped =
        text.replaceAll("\\p{Cntrl}", " ")
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;");
    double fitting = TEXT_MM / CHARACTER_WIDTH / Math.max(1, text.length());
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"47\" y=\"%.1f\" font-size=\"%.2f\">%s</text>%n",
            y,
            Math.min(size, fitting),
            escaped));
  }
}
