package io.verge.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.config.ConfigReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProvisioningTest {
  private static final String SITE =
      """
      [site]
      gateway = "gw-0042"
      name = "Linden Street"
      latitude = 50.11
      longitude = 8.68
      zone = "Europe/Berlin"

      [uplink]
      url = "mqtts://city.example:8883"
      user = "gw-0042"
      password = "correct horse"
      """;

  /** Of nobody: its private key was thrown away. */
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBiDCCAS+gAwIBAgIUYVharodpJaDVOdbicKaAZF/yF2MwCgYIKoZIzj0EAwIw
      GTEXMBUGA1UEAwwOTGluZGVuIHN5c3RlbXMwIBcNMjYxMTI2MTQ1MTE4WhgPMjEy
      NjExMDIxNDUxMThaMBkxFzAVBgNVBAMMDkxpbmRlbiBzeXN0ZW1zMFkwEwYHKoZI
      zj0CAQYIKoZIzj0DAQcDQgAEJoHgeyLvugKnuzhw7fc0JxCnn8GzzQaKjGjxFL0j
      D1d/OFyNmY3ML1jmwoGoVU/Sxim2vs/4DObrrR+ibBBYE6NTMFEwHQYDVR0OBBYE
      FG/8MtjncmrH4wuwpp/DD9/vc8p5MB8GA1UdIwQYMBaAFG/8MtjncmrH4wuwpp/D
      D9/vc8p5MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDRwAwRAIgJ8IEf94y
      VCkopcpDkVz69m5Hw5uqIBVtczpIfercjaoCIC4V4RetnQcDDJIHjGzNrAj0ec4z
      9Kz7SdJ5Kmy0B1S/
      -----END CERTIFICATE-----
      """;

  @TempDir private Path folder = Path.of("unset");
  private Path etc = Path.of("unset");
  private Path card = Path.of("unset");
  private Path site = Path.of("unset");

  @BeforeEach
  void installedMachine() throws IOException {
    etc = Files.createDirectory(folder.resolve("etc"));
    Files.createDirectory(
        etc.resolve("secrets"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    Files.writeString(etc.resolve("gateway.toml"), "[site]\ngateway = \"sample\"\n");
    card = Files.createDirectory(folder.resolve("card"));
    site = card.resolve("verge-site.toml");
  }

  private Provisioning provisioning() {
    return new Provisioning(
        etc, new ConfigReader(List.of(), List.of(), Set.of("mqtts", "coaps"))::read);
  }

  private Provisioning.Done take(String text) throws IOException, ProvisionException {
    Files.writeString(site, text);
    return provisioning().take(site);
  }

  private String config() throws IOException {
    return Files.readString(etc.resolve("gateway.toml"));
  }

  /** Every file below a folder with its content. */
  private static Map<String, String> all(Path folder) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return found;
  }

  @Test
  void siteFileBecomesConfigurationAndSecretsAndIsGone() throws Exception {
    assertThat(take(SITE)).isEqualTo(new Provisioning.Done("gw-0042", "", null));
    assertThat(config())
        .contains("gateway = \"gw-0042\"", "latitude = 50.11", "user = \"gw-0042\"")
        .doesNotContain("horse", "sample");
    assertThat(all(etc).values()).filteredOn("correct horse"::equals).hasSize(1);
    assertThat(site).doesNotExist();
    assertThat(all(card)).containsOnlyKeys("verge-site.done.txt");
    assertThat(all(card).get("verge-site.done.txt"))
        .contains("gw-0042")
        .doesNotContain("correct horse");
  }

  @Test
  void secretsAreForRootAndTheGroupOnly() throws Exception {
    take(SITE);
    try (Stream<Path> secrets = Files.list(etc.resolve("secrets"))) {
      assertThat(secrets)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-r-----"));
    }
  }

  @Test
  void inAFolderForRootOnlySecretsAreForRootOnlyAndTheConfigurationIsForAll() throws Exception {
    Files.setPosixFilePermissions(
        etc.resolve("secrets"), PosixFilePermissions.fromString("rwx------"));
    take(SITE);
    try (Stream<Path> secrets = Files.list(etc.resolve("secrets"))) {
      assertThat(secrets)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(etc.resolve("gateway.toml"))))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void everyMistakeIsWrittenBesideItAndNothingChanges() throws Exception {
    Map<String, String> before = all(etc);
    String wrong =
        """
        [site]
        gatway = "gw-0042"
        latitude = 950
        [uplink]
        url = "mqtt://city.example"
        password = "x"
        ca = "no certificate"
        [system]
        ssh_keys = ["not a key"]
        """;
    assertThatThrownBy(() -> take(wrong)).isInstanceOf(ProvisionException.class);
    assertThat(Files.readString(card.resolve("verge-site.errors.txt")))
        .contains("nothing was changed")
        .contains("verge-site.toml:2:1: site.gatway: unknown key; did you mean 'gateway'?")
        .contains("site.latitude: found 950")
        .contains("user and password go together")
        .contains("uplink.ca: no certificate in it")
        .contains("system.ssh_keys: one of them is no public key");
    assertThat(Files.readString(site)).isEqualTo(wrong);
    before.put(".provision.lock", "");
    assertThat(all(etc)).isEqualTo(before);
  }

  @Test
  void whatTheConfigurationRefusesIsTakenBackToo() throws Exception {
    Map<String, String> before = all(etc);
    assertThatThrownBy(() -> take(SITE.replace("mqtts:", "smtp:") + "request_certificate = true\n"))
        .isInstanceOf(ProvisionException.class);
    assertThat(Files.readString(card.resolve("verge-site.errors.txt"))).contains("uplink.url");
    before.put(".provision.lock", "");
    assertThat(all(etc)).isEqualTo(before);
    take(SITE);
    assertThat(card.resolve("verge-site.errors.txt")).doesNotExist();
  }

  @Test
  void binaryHugeOrMissingFilesAreToldApart() throws Exception {
    Files.write(site, new byte[] {0, (byte) 0xff, 1, 2});
    assertThatThrownBy(() -> provisioning().take(site)).isInstanceOf(ProvisionException.class);
    Files.write(site, new byte[(256 << 10) + 1]);
    assertThatThrownBy(() -> provisioning().take(site)).isInstanceOf(ProvisionException.class);
    assertThat(Files.readString(card.resolve("verge-site.errors.txt"))).contains("256 KiB");
    Files.delete(site);
    assertThatThrownBy(() -> provisioning().take(site)).isInstanceOf(ProvisionException.class);
    assertThat(Files.readString(card.resolve("verge-site.errors.txt"))).contains("cannot be read");
  }

  @Test
  void editorsOfOtherSystemsAreForgiven() throws Exception {
    assertThat(take("\uFEFF" + SITE.replace("\n", "\r\n")).gateway()).isEqualTo("gw-0042");
  }

  @Test
  void streetLiesBesideItAndStaysWhenTheSiteIsGivenAnew() throws Exception {
    String street =
        """
        [[plan]]
        name = "night"
        lamps = ["lamp-*"]
        on = "sunset"
        off = "sunrise"
        """;
    Files.writeString(card.resolve("street.toml"), street);
    assertThatThrownBy(() -> take("street = \"../street.toml\"\n" + SITE))
        .isInstanceOf(ProvisionException.class);
    assertThatThrownBy(() -> take("street = \"other.toml\"\n" + SITE))
        .isInstanceOf(ProvisionException.class);
    Files.writeString(card.resolve("street.toml"), "[store]\ncommit_interval = \"2s\"\n");
    take("street = \"street.toml\"\n" + SITE);
    assertThat(config()).contains("commit_interval = \"2s\"");
    take(SITE.replace("correct horse", "battery staple"));
    assertThat(config()).contains("commit_interval = \"2s\"");
    assertThat(all(etc).values()).contains("battery staple").doesNotContain("correct horse");
  }

  private static String updateKey() throws Exception {
    byte[] der = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getEncoder().encodeToString(der)
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String withUpdateKey(String pem) {
    return SITE + "[system]\nupdate_keys = ['''\n" + pem + "''']\n";
  }

  @Test
  void keysOfWhoSignsUpdatesComeWithTheSiteAndAreReplacedByTheNextOnes() throws Exception {
    Path folder = etc.resolve("update-keys");
    String first = updateKey();
    take(withUpdateKey(first));
    assertThat(all(folder).values()).containsExactly(first);
    take(SITE);
    assertThat(all(folder).values()).containsExactly(first);
    Files.writeString(folder.resolve("city.pem"), "laid there by hand");
    String second = updateKey();
    take(withUpdateKey(second));
    assertThat(all(folder).values()).containsExactlyInAnyOrder(second, "laid there by hand");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\n!\n",
        "ssh-ed25519 AAAA\n"
      })
  void whatIsNoUpdateKeyIsRefused(String pem) throws Exception {
    Map<String, String> before = all(etc);
    assertThatThrownBy(() -> take(withUpdateKey(pem))).isInstanceOf(ProvisionException.class);
    assertThat(Files.readString(card.resolve("verge-site.errors.txt"))).contains("update_keys");
    before.put(".provision.lock", "");
    assertThat(all(etc)).isEqualTo(before);
  }

  private static String withImageCa(String pem) {
    return SITE + "[system]\nimage_ca = '''\n" + pem + "'''\n";
  }

  @Test
  void whoSignsSystemsComesWithTheSiteAndStaysUntilTheNextOne() throws Exception {
    Path file = etc.resolve("image-ca.pem");
    take(SITE);
    assertThat(file).doesNotExist();
    take(withImageCa(CERTIFICATE));
    assertThat(file).content().isEqualTo(CERTIFICATE);
    take(SITE);
    assertThat(file).content().isEqualTo(CERTIFICATE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"
      })
  void whatIsNoCertificateSignsNoSystems(String pem) throws Exception {
    Map<String, String> before = all(etc);
    assertThatThrownBy(() -> take(withImageCa(pem))).isInstanceOf(ProvisionException.class);
    assertThat(Files.readString(card.resolve("verge-site.errors.txt"))).contains("image_ca");
    before.put(".provision.lock", "");
    assertThat(all(etc)).isEqualTo(before);
  }

  @Test
  void textsCannotBreakOutOfTheirQuotes() throws Exception {
    take(SITE.replace("Linden Street", "Linden\\\" Street\\n[local]\\nsocket = \\\"/x\\\""));
    assertThat(config()).doesNotContain("\n[local]");
  }

  @Test
  void secondProvisioningAtOnceIsRefused() throws Exception {
    try (FileChannel channel =
        FileChannel.open(
            etc.resolve(".provision.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.lock();
      Files.writeString(site, SITE);
      assertThatThrownBy(() -> provisioning().take(site))
          .isInstanceOfSatisfying(
              ProvisionException.class, e -> assertThat(e.problems().get(0)).contains("under way"));
    }
    assertThat(site).hasContent(SITE);
  }

  @Test
  void requestIsOneThatACityCanSignAndOnlyItsCertificateIsTaken() throws Exception {
    assumeTrue(
        Stream.of("/usr/bin/openssl", "/bin/openssl").anyMatch(it -> Files.exists(Path.of(it))),
        "openssl is not installed");
    Provisioning.Done done = take(SITE + "request_certificate = true\n");
    assertThat(done.fingerprint()).matches("([0-9a-f]{2}:){31}[0-9a-f]{2}");
    String key = Files.readString(etc.resolve("secrets/gateway.key"));
    assertThat(all(card).values()).noneMatch(text -> text.contains("PRIVATE KEY"));
    Path request = card.resolve("verge-gw-0042.csr");
    assertThat(openssl("req", "-verify", "-noout", "-subject", "-in", request.toString()))
        .contains("verify OK")
        .containsPattern("CN ?= ?gw-0042");
    openssl(
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=city",
        "-keyout",
        card + "/ca.key",
        "-out",
        card + "/ca.pem");
    openssl(
        "x509",
        "-req",
        "-in",
        request.toString(),
        "-CA",
        card + "/ca.pem",
        "-CAkey",
        card + "/ca.key",
        "-out",
        card + "/gw.pem",
        "-days",
        "1");
    String foreign = Files.readString(card.resolve("ca.pem"));
    assertThatThrownBy(() -> take(SITE + "certificate = '''\n" + foreign + "'''\n"))
        .isInstanceOfSatisfying(
            ProvisionException.class,
            e -> assertThat(e.problems()).anyMatch(it -> it.contains("not of this gateway's key")));
    String own = Files.readString(card.resolve("gw.pem"));
    assertThat(take(SITE + "certificate = '''\n" + own + "'''\n").fingerprint())
        .isEqualTo(done.fingerprint());
    assertThat(etc.resolve("secrets/gateway.key")).hasContent(key);
    assertThat(config()).contains("key = \"secrets/gateway.key\"", "certificate = \"secrets/city-");
  }

  private static String openssl(String... args) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("openssl"));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void aCertificationRequestIsWholeDer() throws Exception {
    byte[] der =
        CertificateRequest.der(
            "g".repeat(200), java.security.KeyPairGenerator.getInstance("EC").generateKeyPair());
    try (ByteArrayInputStream in = new ByteArrayInputStream(der)) {
      assertThat(in.read()).isEqualTo(0x30);
      assertThat(in.read()).isEqualTo(0x82);
      assertThat(in.read() << 8 | in.read()).isEqualTo(in.available());
    }
  }

  @Test
  void fixedAddressNameAndTimeServersForSystemd() throws IOException, ProvisionException {
    take(
        SITE
            + """
            [network]
            address = "192.0.2.10/24"
            router = "192.0.2.1"
            dns = ["192.0.2.53", "2001:db8::53"]
            ntp = ["ntp.city.example"]
            """);
    // Keys: systemd.network(5).
    assertThat(etc.resolve("site.network"))
        .hasContent(
            """
            # Made by verge provision.
            [Match]
            Name=en* eth*

            [Network]
            DHCP=no
            Address=192.0.2.10/24
            Gateway=192.0.2.1
            DNS=192.0.2.53
            DNS=2001:db8::53
            NTP=ntp.city.example
            LLMNR=no
            MulticastDNS=no
            """);
    take(SITE);
    assertThat(etc.resolve("site.network")).content().contains("Address=192.0.2.10/24");
    take(SITE + "[network]\n");
    assertThat(etc.resolve("site.network")).content().contains("DHCP=yes").doesNotContain("Addr");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "address = \"192.0.2.10\"",
        "address = \"192.0.2.256/24\"",
        "address = \"192.0.2.10/33\"",
        "address = \"2001:db8::1/129\"",
        "address = \"2001:db8::1::2/64\"",
        "router = \"192.0.2.1\"",
        "address = \"192.0.2.10/24\"\nrouter = \"gate.city.example\"",
        "dns = [\"ns.city.example\"]",
        "dns = [\"192.0.2.1\", \"192.0.2.2\", \"192.0.2.3\", \"192.0.2.4\", \"192.0.2.5\"]",
        "ntp = [\"a\\nDHCP=yes\"]",
        "ntp = [\"-x\"]",
        "wlan = \"x\""
      })
  void networkThatIsNoneChangesNothing(String line) throws IOException {
    assertThatThrownBy(() -> take(SITE + "[network]\n" + line + "\n"))
        .isInstanceOf(ProvisionException.class);
    assertThat(card.resolve("verge-site.errors.txt")).content().contains("network.");
    assertThat(etc.resolve("site.network")).doesNotExist();
  }
}
