package io.verge.provision;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates of who may sign systems (RAUC's keyring), given by a site file. */
final class ImageCa {
  private final Path file;

  ImageCa(Path file) {
    this.file = file;
  }

  /**
   * @throws ProvisionException if it holds no certificate, or something that is none.
   */
  static void check(@Nullable String pem) throws ProvisionException {
    if (pem == null) {
      return;
    }
    byte[] text = pem.strip().getBytes(StandardCharsets.UTF_8);
    try {
      if (CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(text))
          .isEmpty()) {
        throw new CertificateException("there is none");
      }
    } catch (CertificateException e) {
      ProvisionException told =
          new ProvisionException(
              List.of("system.image_ca: no X.509 certificates in PEM: " + e.getMessage()));
      told.initCause(e);
      throw told;
    }
  }

  /** Has these trusted instead of those of an earlier site file; null: nothing changes. */
  void replace(@Nullable String pem) throws IOException {
    if (pem == null) {
      return;
    }
    UpdateKeys.write(file, (pem.strip() + "\n").getBytes(StandardCharsets.UTF_8));
    Path folder = file.toAbsolutePath().resolveSibling("");
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
