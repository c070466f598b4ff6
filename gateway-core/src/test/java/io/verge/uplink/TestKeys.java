package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Keys and certificates for one test run, made with openssl. */
public final class TestKeys {
  private final Path folder;

  /** An authority {@code ca}; the test is skipped where there is no openssl. */
  public TestKeys(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "no openssl here");
    authority("ca");
  }

  public Path pem(String name) {
    return folder.resolve(name + ".pem");
  }

  public Path key(String name) {
    return folder.resolve(name + ".key");
  }

  public void authority(String name) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl", "req", "-x509", "-days", "2"));
    command.addAll(newKey(name));
    command.addAll(List.of("-out", pem(name).toString()));
    run(command);
  }

  /**
   * A certificate signed by {@code ca}.
   *
   * @param host its DNS name.
   */
  public void signed(String name, String host) throws IOException, InterruptedException {
    Path request = folder.resolve(name + ".csr");
    Path extensions = folder.resolve(name + ".ext");
    Files.writeString(extensions, "subjectAltName=DNS:" + host + "\n");
    List<String> command = new ArrayList<>(List.of("openssl", "req"));
    command.addAll(newKey(name));
    command.addAll(List.of("-out", request.toString()));
    run(command);
    run(
        List.of(
            "openssl",
            "x509",
            "-req",
            "-days",
            "2",
            "-in",
            request.toString(),
            "-CA",
            pem("ca").toString(),
            "-CAkey",
            key("ca").toString(),
            "-CAcreateserial",
            "-extfile",
            extensions.toString(),
            "-out",
            pem(name).toString()));
  }

  private List<String> newKey(String name) {
    return List.of(
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        key(name).toString(),
        "-subj",
        "/CN=" + name);
  }

  private void run(List<String> command) throws IOException, InterruptedException {
    Path log = folder.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor(Heard.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }
}
