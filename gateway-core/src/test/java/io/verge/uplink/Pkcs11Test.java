package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With SoftHSM as the token, where it is installed: {@code apt-get install softhsm2 opensc}. */
class Pkcs11Test {
  private static final Path MODULE = Path.of("/usr/lib/softhsm/libsofthsm2.so");

  @TempDir private Path folder = Path.of("unset");

  private String run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm.conf").toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  /** A token with the gateway's key and certificate. */
  private TestKeys token() throws Exception {
    assumeTrue(Files.exists(MODULE), "no SoftHSM here");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/pkcs11-tool")), "no OpenSC here");
    TestKeys keys = new TestKeys(folder);
    keys.signed("server", "localhost");
    keys.signed("gw", "gw-1");
    Path tokens = Files.createDirectory(folder.resolve("tokens"));
    Files.writeString(
        folder.resolve("softhsm.conf"),
        "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
    run("softhsm2-util --init-token --free --label verge --pin 1234 --so-pin 9876".split(" "));
    run("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", keys.key("gw") + "", "-out", at("p8"));
    run(
        ("softhsm2-util --import " + at("p8") + " --token verge --label gateway --id 01 --pin 1234")
            .split(" "));
    run("openssl", "x509", "-in", keys.pem("gw") + "", "-outform", "der", "-out", at("der"));
    List<String> load = new ArrayList<>(List.of("pkcs11-tool", "--module", MODULE.toString()));
    load.addAll(List.of("--login", "--pin", "1234", "--write-object", at("der")));
    load.addAll(List.of("--type", "cert", "--id", "01", "--label", "gateway"));
    run(load.toArray(new String[0]));
    return keys;
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void aKeyThatStaysOnItsTokenShakesHands() throws Exception {
    TestKeys keys = token();
    Path key =
        Files.writeString(
            folder.resolve("key"),
            "pkcs11:object=gateway?module-path=" + MODULE + "&pin-value=1234\n");
    try (SSLServerSocket server =
        (SSLServerSocket)
            Tls.context(keys.pem("ca"), keys.pem("server"), keys.key("server"))
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setNeedClientAuth(true);
      CompletableFuture<String> guest =
          CompletableFuture.supplyAsync(
              () -> {
                try (SSLSocket socket = (SSLSocket) server.accept()) {
                  socket.getOutputStream().write('!');
                  return socket.getSession().getPeerPrincipal().getName();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String said =
          run(
              java,
              "-cp",
              System.getProperty("java.class.path"),
              "io.verge.uplink.Pkcs11Client",
              keys.pem("ca").toString(),
              keys.pem("gw").toString(),
              key.toString(),
              String.valueOf(server.getLocalPort()));
      assertThat(said).contains("TLSv1.3 !true");
      assertThat(guest.get(10, TimeUnit.SECONDS)).contains("gw");
    }
  }

  @Test
  void whatIsWrongWithAnAddressIsSaid() throws Exception {
    for (String[] pair :
        new String[][] {
          {"pkcs11:object=gateway", "module-path"},
          {"pkcs11:token=x;object=y?module-path=/m.so", "\"token\""},
          {"pkcs11:slot-id=a?module-path=/m.so", "slot-id"},
          {"pkcs11:object=y?module-path=/a\nslot=3", "module-path"},
          {"pkcs11:object=y?module-path=/none.so", "PKCS #11"},
        }) {
      Path file = Files.writeString(folder.resolve("key"), pair[0]);
      assertThatThrownBy(() -> Tls.privateKey(file))
          .as(pair[0])
          .isInstanceOf(IOException.class)
          .hasMessageContaining(pair[1])
          .hasMessageContaining(file.toString());
    }
  }
}
