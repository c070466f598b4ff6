package io.verge.update;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.bytes.Decoded;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages in the form of eclipse.dev/hawkbit/rest-api/ddi. */
final class HawkbitTest {
  private static final URI SERVER = URI.create("https://updates.example");
  private static final String BASE = "https://updates.example/DEFAULT/controller/v1/gw-7";
  private static final String POLL =
      """
      {"config":{"polling":{"sleep":"00:05:00"}},"_links":{
       "deploymentBase":{"href":"%s/deploymentBase/3?c=-2129030598"},
       "configData":{"href":"%s/configData"}}}
      """
          .formatted(BASE, BASE);
  private static final String SUM =
      "2D86C2A659E364E9ABBA49EA6FFCD53DD5559F05F0B4E1A0B1D4E1A0B1D4E1A0";
  private static final String DEPLOYMENT =
      """
      {"id":"3","deployment":{"download":"forced","update":"attempt","chunks":[
       {"part":"bApp","version":"0.2.0","name":"verge","artifacts":[
        {"filename":"verge_0.2.0_arm64.vup","hashes":{"sha1":"46fc","md5":"5813","sha256":"%s"},
         "size":5167,"_links":{"download":{"href":"%s/softwaremodules/5/artifacts/v.vup"}}},
        {"filename":"elsewhere_armhf.vup","hashes":{"sha256":"%s"},"size":1,
         "_links":{"download":{"href":"https://attacker.example/v.vup"}}}]}]}}
      """
          .formatted(SUM, BASE, SUM);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void linksOfAPollAreRead() {
    Hawkbit.Poll poll = Hawkbit.poll(bytes(POLL), SERVER).orThrow();
    assertThat(poll.sleep()).isEqualTo(Duration.ofMinutes(5));
    assertThat(poll.deployment()).hasToString(BASE + "/deploymentBase/3?c=-2129030598");
    assertThat(poll.attributes()).hasToString(BASE + "/configData");
    assertThat(poll.cancel()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "00:00:01, 30",
    "00:00:30, 30",
    "12:00:00, 43200",
    "999:00:00, 604800",
    "five minutes, 300",
    "00:99:00, 300",
  })
  void thePaceIsTheServersWithinReason(String sleep, long seconds) {
    byte[] json = bytes(POLL.replace("00:05:00", sleep));
    assertThat(Hawkbit.poll(json, SERVER).orThrow().sleep()).hasSeconds(seconds);
  }

  @ParameterizedTest
  @CsvSource({
    "https://attacker.example, false",
    "http://updates.example, false",
    "https://updates.example:8443, false",
    "https://updates.example:443, true",
    "https://updates.example.attacker.example, false",
  })
  void linksToOthersAreNone(String root, boolean isTaken) {
    byte[] json = bytes(POLL.replace("https://updates.example", root));
    assertThat(Hawkbit.poll(json, SERVER).orThrow().deployment() != null).isEqualTo(isTaken);
  }

  @Test
  void theBundleOfAnArchitectureIsFound() {
    Hawkbit.Deployment deployment = Hawkbit.deployment(bytes(DEPLOYMENT), SERVER).orThrow();
    assertThat(deployment.action()).isEqualTo("3");
    assertThat(deployment.isDue()).isTrue();
    Hawkbit.Artifact bundle = deployment.bundle("arm64").orThrow();
    assertThat(bundle.sha256()).isEqualTo(SUM.toLowerCase(java.util.Locale.ROOT));
    assertThat(bundle.size()).isEqualTo(5167);
    assertThat(deployment.bundle("amd64")).isInstanceOf(Decoded.Invalid.class);
    assertThat(deployment.bundle("armhf"))
        .as("its file is elsewhere")
        .isInstanceOf(Decoded.Invalid.class);
    byte[] noSum = bytes(DEPLOYMENT.replace("sha256", "sha512"));
    assertThat(Hawkbit.deployment(noSum, SERVER).orThrow().bundle("arm64"))
        .isInstanceOf(Decoded.Invalid.class);
  }

  @Test
  void everyTruncationIsRefusedOrSaysLess() {
    byte[] poll = bytes(POLL.strip());
    byte[] deployment = bytes(DEPLOYMENT.strip());
    for (int length = 0; length < poll.length; length++) {
      assertThat(Hawkbit.poll(Arrays.copyOf(poll, length), SERVER))
          .isInstanceOf(Decoded.Invalid.class);
    }
    for (int length = 0; length < deployment.length; length++) {
      assertThat(Hawkbit.deployment(Arrays.copyOf(deployment, length), SERVER))
          .isInstanceOf(Decoded.Invalid.class);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "[]",
        "null",
        "7",
        "{\"id\":{}}",
        "{\"id\":\"../../x\",\"deployment\":[]}",
        "{\"id\":-3}",
      })
  void otherJsonIsNoDeployment(String json) {
    assertThat(Hawkbit.deployment(bytes(json), SERVER)).isInstanceOf(Decoded.Invalid.class);
  }

  @Test
  void whatNestsWithoutEndIsRefused() {
    assertThat(Hawkbit.poll(bytes("[".repeat(200_000)), SERVER))
        .isInstanceOf(Decoded.Invalid.class);
    assertThat(Hawkbit.poll(bytes("{\"_links\":".repeat(50_000)), SERVER))
        .isInstanceOf(Decoded.Invalid.class);
  }

  @Test
  void feedbackIsAsTheServerReadsIt() {
    assertThat(new String(Hawkbit.feedback(Hawkbit.State.FAILED, "why"), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"status\":{\"execution\":\"closed\",\"result\":{\"finished\":\"failure\"},"
                + "\"details\":[\"why\"]}}");
    assertThat(Hawkbit.feedback(URI.create(BASE + "/deploymentBase/3?c=-2129030598")))
        .hasToString(BASE + "/deploymentBase/3/feedback");
    assertThat(Hawkbit.base(URI.create("https://updates.example/hb/"), "DEFAULT", "gw-7"))
        .hasToString("https://updates.example/hb/DEFAULT/controller/v1/gw-7");
  }
}
