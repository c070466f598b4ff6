package io.verge.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import com.google.zxing.qrcode.decoder.Decoder;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Read with somebody else's reader (ZXing). */
class LabelTest {
  @TempDir private Path folder = Path.of("unset");

  private static BitMatrix matrix(QrCode code) {
    BitMatrix matrix = new BitMatrix(code.size());
    for (int row = 0; row < code.size(); row++) {
      for (int column = 0; column < code.size(); column++) {
        if (code.isDark(row, column)) {
          matrix.set(column, row);
        }
      }
    }
    return matrix;
  }

  @Test
  void everyLengthIsReadBack() throws Exception {
    Random random = new Random(6);
    for (int length = 1; length <= QrCode.BYTES_MAX; length++) {
      byte[] text = new byte[length];
      for (int i = 0; i < length; i++) {
        text[i] = (byte) ('!' + random.nextInt('~' - '!'));
      }
      assertThat(new Decoder().decode(matrix(QrCode.of(text))).getText())
          .isEqualTo(new String(text, StandardCharsets.US_ASCII));
    }
    assertThatThrownBy(() -> QrCode.of(new byte[QrCode.BYTES_MAX + 1]))
        .hasMessageContaining("at most 180");
  }

  /** As a camera sees it: pixels, with a hole of 25 modules in it. */
  @Test
  void scratchedCodeIsReadFromItsPixels() throws Exception {
    String text = new Label("gw-0042", "", "ab:cd").text();
    QrCode code = QrCode.of(text.getBytes(StandardCharsets.US_ASCII));
    int scale = 4;
    int side = (code.size() + 2 * QrCode.QUIET) * scale;
    int[] pixels = new int[side * side];
    Arrays.fill(pixels, 0xFFFFFF);
    for (int y = 0; y < code.size() * scale; y++) {
      for (int x = 0; x < code.size() * scale; x++) {
        boolean scratched = Math.abs(y / scale - 13) < 3 && Math.abs(x / scale - 13) < 3;
        if (code.isDark(y / scale, x / scale) && !scratched) {
          pixels[(y + QrCode.QUIET * scale) * side + x + QrCode.QUIET * scale] = 0;
        }
      }
    }
    RGBLuminanceSource source = new RGBLuminanceSource(side, side, pixels);
    var read =
        new QRCodeReader()
            .decode(
                new BinaryBitmap(new HybridBinarizer(source)),
                Map.of(DecodeHintType.TRY_HARDER, true));
    assertThat(read.getText()).isEqualTo("verge:gw-0042?sha256=abcd");
    assertThat(read.getBarcodeFormat()).isEqualTo(BarcodeFormat.QR_CODE);
  }

  @Test
  void labelNamesGatewaySiteAndKeyAndIsXml() throws Exception {
    Path secrets = Files.createDirectories(folder.resolve("secrets"));
    GatewayKey key = GatewayKey.make();
    Files.writeString(secrets.resolve("gateway.key"), key.privatePem());
    Files.writeString(secrets.resolve("gateway.pub"), key.publicPem());
    Label label = Label.of(folder, "gw-0042", "Linden & Sons <\u0007corner>");
    assertThat(label.text())
        .isEqualTo("verge:gw-0042?sha256=" + key.fingerprint().replace(":", ""));
    Document svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(label.svg())));
    String shown = svg.getDocumentElement().getTextContent();
    assertThat(shown).contains("gw-0042", "Linden & Sons < corner>");
    assertThat(shown.replaceAll("\\s", "")).contains(key.fingerprint().substring(0, 23));
    assertThat(label.svg()).doesNotContain("PRIVATE");
  }

  @Test
  void longNamesAreMadeToFit() {
    String svg = new Label("g".repeat(40), "s".repeat(200), "").svg();
    Matcher text = Pattern.compile("font-size=\"([0-9.]+)\">([gs]+)<").matcher(svg);
    int lines = 0;
    while (text.find()) {
      lines++;
      assertThat(Double.parseDouble(text.group(1)) * 0.6 * text.group(2).length()).isLessThan(53);
    }
    assertThat(lines).isEqualTo(2);
  }

  @Test
  void gatewayWithoutAKeyHasALabelToo() throws Exception {
    Label label = Label.of(folder, "gw-7", "");
    assertThat(label.text()).isEqualTo("verge:gw-7");
    assertThat(label.svg()).contains("no key of its own");
  }
}
