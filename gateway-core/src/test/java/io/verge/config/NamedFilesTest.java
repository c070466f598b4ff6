package io.verge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFilesTest {
  @TempDir private Path folder = Path.of("unset");
  private Path given = Path.of("unset");

  @BeforeEach
  void credentials() throws IOException {
    given = Files.createDirectory(folder.resolve("credentials"));
    Files.writeString(given.resolve("city-password"), "hush");
    Files.writeString(given.resolve("secrets_psk"), "00ff");
    Files.createDirectory(folder.resolve("secrets"));
  }

  private NamedFiles service() {
    return new NamedFiles(folder, given, true);
  }

  @Test
  void aCredentialIsOneOfTheService() {
    assertThat(service().of("credential:city-password")).hasContent("hush");
    assertThat(service().isOutOfSight("credential:city-password")).isFalse();
    assertThat(service().isOutOfSight("credential:none")).as("it knows").isFalse();
    NamedFiles byHand = new NamedFiles(folder, null, false);
    assertThat(byHand.isOutOfSight("credential:city-password")).isTrue();
    assertThat(byHand.isOutOfSight("secrets/psk")).isFalse();
    NamedFiles root = new NamedFiles(folder, given, false);
    assertThat(root.isOutOfSight("credential:city-password")).isFalse();
    assertThat(root.isOutOfSight("credential:none")).as("from the next start on").isTrue();
  }

  @Test
  void aSecretThatOnlyRootCanReadIsTakenFromWhatWasLoaded() {
    assertThat(service().of("secrets/psk")).isEqualTo(given.resolve("secrets_psk"));
    assertThat(service().of(folder + "/secrets/psk")).isEqualTo(given.resolve("secrets_psk"));
    assertThat(service().of("secrets/none")).isEqualTo(folder.resolve("secrets/none"));
    assertThat(service().of("psk")).isEqualTo(folder.resolve("psk"));
    assertThat(service().of("secrets/../psk")).isEqualTo(folder.resolve("secrets/../psk"));
  }

  @Test
  void aSecretThatCanBeReadIsReadWhereItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("secrets/psk"), "newer");
    assertThat(service().of("secrets/psk")).isEqualTo(file);
  }

  @Test
  void namesThatLeaveTheFolderAreNoCredentials() {
    for (String name : new String[] {"", "../x", "a/b", "a b", "x\0", "ä"}) {
      assertThat(service().problem("credential:" + name)).as(name).isNotEmpty();
    }
    assertThat(service().problem("credential:city-password")).isEmpty();
    assertThat(service().problem("secrets/a b")).isEmpty();
    assertThat(service().problem("secrets/\0")).isNotEmpty();
  }

  @Test
  void theServicesFolderIsTheOneItIsTold() {
    Map<String, String> environment = Map.of("CREDENTIALS_DIRECTORY", given.toString());
    assertThat(NamedFiles.beside(folder, environment).of("credential:city-password"))
        .hasContent("hush");
  }

  /** What cannot be seen from a command line is the service's to judge; a wrong name is not. */
  @Test
  void aCheckByHandAcceptsACredentialAndNamesAWrongOne() {
    assertThat(problems("credential:city")).isEmpty();
    assertThat(problems("credential:../city"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains("credential:NAME"));
    assertThat(problems("secrets/none"))
        .singleElement()
        .satisfies(problem -> assertThat(problem.toString()).contains("cannot be read"));
    assertThat(problems("secrets/\\u0000")).hasSize(1);
  }

  private List<Problem> problems(String password) {
    String text =
        """
        [site]
        gateway = "gw-1"
        [[uplink]]
        name = "city"
        url = "mqtts://city.example"
        user = "gw-1"
        password_file = "%s"
        """
            .formatted(password);
    return new ConfigReader(List.of(), List.of(), Set.of("mqtts"))
        .read(text.getBytes(StandardCharsets.UTF_8), folder.resolve("gateway.toml"))
        .problems();
  }
}
