package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.cli.ExitCode;
import io.verge.runtime.RunningGateway.Ran;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running gateway tells of this very computer. */
@Timeout(120)
class HealthTest {
  @TempDir private Path folder = Path.of("unset");

  private Ran verge(String... words) {
    return RunningGateway.verge(folder.resolve("verge.sock"), InputStream.nullInputStream(), words);
  }

  private Path config(String health) throws Exception {
    return Files.writeString(
        folder.resolve("gateway.toml"),
        """
        [site]
        gateway = "gw-7"
        [local]
        socket = "verge.sock"
        [health]
        """
            + health);
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Its own points, read now; NaN where there is no value. */
  private Map<String, Double> values() {
    Ran read = verge("read", "gw-7", "--json");
    assertThat(read.code()).as(read.err()).isEqualTo(ExitCode.DONE);
    Map<String, Double> values = new HashMap<>();
    for (JsonElement one :
        JsonParser.parseString(read.out()).getAsJsonObject().getAsJsonArray("readings")) {
      JsonObject reading = one.getAsJsonObject();
      JsonElement value = reading.get("value");
      values.put(
          reading.get("point").getAsString(),
          value.isJsonNull() ? Double.NaN : value.getAsDouble());
    }
    return values;
  }

  @Test
  void theGatewayReadsItselfAndServesACollector() throws Exception {
    int port = freePort();
    Path config = config("metrics = \"127.0.0.1:" + port + "\"\n");
    try (RunningGateway gateway = new RunningGateway(config, folder.resolve("data"))) {
      Map<String, Double> values = values();
      assertThat(values)
          .containsKeys("load", "memory-free", "disk-free", "uptime")
          .containsEntry("restarts", 0.0)
          .doesNotContainKey("data-month");
      assertThat(values.get("memory-free")).isBetween(0.1, 100.0);
      String seconds = Files.readString(Path.of("/proc/uptime")).split("\\.", -1)[0];
      assertThat(values.get("uptime"))
          .isBetween(Long.parseLong(seconds) / 60 - 2.0, Long.parseLong(seconds) / 60.0);
      assertThat(verge("points", "gw-7/load").out()).contains("gw-7/load");
      Ran lamp = verge("lamp", "gw-7", "40%");
      assertThat(lamp.code()).isEqualTo(ExitCode.WRONG);
      assertThat(lamp.out() + lamp.err()).contains("rejected").contains("no asset 'gw-7' here");
      HttpResponse<String> scraped =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(scraped.statusCode()).isEqualTo(200);
      assertThat(scraped.body())
          .contains("verge_info{gateway=\"gw-7\",")
          .contains("\nverge_ready 1\n")
          .endsWith("# EOF\n");
    }
    try (RunningGateway again = new RunningGateway(config, folder.resolve("data"))) {
      assertThat(values()).containsEntry("restarts", 1.0);
    }
  }

  @Test
  void withoutHealthItHasNoPointsOfItsOwn() throws Exception {
    try (RunningGateway gateway =
        new RunningGateway(config("deliver = false\n"), folder.resolve("data"))) {
      Ran read = verge("read", "gw-7");
      assertThat(read.code()).isEqualTo(ExitCode.USAGE);
      assertThat(read.err()).contains("nothing is called gw-7");
    }
  }
}
