package io.verge.simulator.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.rig.UplinkRig;
import io.verge.uplink.UplinkSettings;
import io.verge.wire.CommandCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Link Kit against the strict fake, ThingsBoard's topics on a broker; the store is the real one.
 */
class CloudUplinkTest {
  private static final String SECRET = "s3cret";

  @TempDir private Path folder = Path.of("unset");

  private Path secret(String text) throws Exception {
    Path file =
        Files.createFile(
            folder.resolve("secret"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text + "\n");
  }

  private static UplinkSettings.Foreign linkKit() {
    return new UplinkSettings.Foreign(List.of(), "", "", "", "a1Key", "gw-1");
  }

  @Test
  void linkKitIsDeliveredByItsReplies() throws Exception {
    try (FakeLinkKit cloud = new FakeLinkKit("a1Key", "gw-1", SECRET);
        UplinkRig rig = new UplinkRig(folder, "cloud")) {
      AtomicInteger posts = new AtomicInteger();
      cloud.answerWith(id -> posts.incrementAndGet() == 1 ? 429 : 200);
      rig.acquire(10);
      rig.uplink("cloud", cloud.port(), UplinkSettings.Codec.ALIYUN, linkKit(), secret(SECRET));
      rig.until(
          () -> cloud.values().stream().distinct().count() == rig.acquired(),
          () -> cloud.values().size() + " values, " + cloud.complaints());
      rig.until(
          () -> rig.counters().get("readings.delivered.cloud") == rig.acquired(),
          () -> "acked " + rig.counters().get("readings.delivered.cloud"));
      assertThat(cloud.complaints()).isEmpty();
      assertThat(cloud.values())
          .filteredOn(value -> value.property().equals("lamp_3_power"))
          .extracting(FakeLinkKit.Value::number)
          .contains("60.0", "60.9");

      cloud.call("777", "set_level", Map.of("target", "lamp-2", "level", 30));
      byte[] message = Objects.requireNonNull(rig.commands().poll(60, TimeUnit.SECONDS));
      var command = CommandCodec.decode(message, "uplink:cloud").orThrow();
      assertThat(command.target()).isEqualTo("lamp-2");
      assertThat(command.op()).isEqualTo("set-level");
      assertThat(command.args()).containsEntry("level", 30L);
      rig.event(
          "command.done",
          Map.of(
              "id", command.id(), "target", "lamp-2", "op", "set-level", "origin", "uplink:cloud"));
      rig.until(() -> !cloud.answers().isEmpty(), () -> cloud.complaints().toString());
      assertThat(cloud.answers().get(0))
          .startsWith("thing/service/set_level_reply")
          .contains("\"id\":\"777\"", "\"code\":200");
    }
  }

  @Test
  void whatThePlatformNeverTakesIsLeftBehindAndCounted() throws Exception {
    try (FakeLinkKit cloud = new FakeLinkKit("a1Key", "gw-1", SECRET);
        UplinkRig rig = new UplinkRig(folder, "cloud")) {
      cloud.answerWith(id -> 6207);
      rig.acquire(1);
      rig.uplink("cloud", cloud.port(), UplinkSettings.Codec.ALIYUN, linkKit(), secret(SECRET));
      rig.until(
          () -> rig.counters().get("uplink.cloud.discarded") > 0,
          () -> cloud.complaints().toString());
      cloud.answerWith(id -> 200);
      rig.acquire(1);
      rig.until(() -> !cloud.values().isEmpty(), () -> cloud.complaints().toString());
    }
  }

  @Test
  void aWrongSecretIsRefused() throws Exception {
    try (FakeLinkKit cloud = new FakeLinkKit("a1Key", "gw-1", SECRET);
        UplinkRig rig = new UplinkRig(folder, "cloud")) {
      rig.acquire(1);
      var worker =
          rig.uplink("cloud", cloud.port(), UplinkSettings.Codec.ALIYUN, linkKit(), secret("x"));
      rig.until(() -> worker.view().state().equals("refused"), () -> worker.view().toString());
      assertThat(cloud.values()).isEmpty();
    }
  }

  @Test
  void thingsBoardGetsTelemetryAndItsCallsAreAnswered() throws Exception {
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    try (Broker board = new Broker(BrokerSettings.plain(0)).start();
        UplinkRig rig = new UplinkRig(folder, "board")) {
      board.subscribe(
          "v1/#",
          (topic, payload) -> heard.add(topic + " " + new String(payload, StandardCharsets.UTF_8)));
      rig.acquire(3);
      rig.uplink(
          "board",
          board.port(),
          UplinkSettings.Codec.THINGSBOARD,
          new UplinkSettings.Foreign(List.of("lamp-1", "lamp-2"), "", "", "", "", ""),
          null);
      rig.until(() -> readings(heard) == 2 * 2 * 3, heard::toString);
      assertThat(heard)
          .contains("v1/gateway/connect " + connect("lamp-1", heard))
          .noneMatch(message -> message.contains("lamp-3"));
      board.publish(
          "v1/gateway/rpc",
          "{\"device\":\"lamp-1\",\"data\":{\"id\":4,\"method\":\"set-level\",\"params\":30}}"
              .getBytes(StandardCharsets.UTF_8),
          1,
          false);
      byte[] message = Objects.requireNonNull(rig.commands().poll(60, TimeUnit.SECONDS));
      var command = CommandCodec.decode(message, "uplink:board").orThrow();
      assertThat(command.args()).containsEntry("level", 30L);
      rig.event(
          "command.done",
          Map.of(
              "id", command.id(), "target", "lamp-1", "op", "set-level", "origin", "uplink:board"));
      rig.until(
          () ->
              heard.stream()
                  .anyMatch(
                      said ->
                          said.startsWith("v1/gateway/rpc")
                              && said.contains("\"id\":4")
                              && said.contains("\"state\":\"done\"")),
          heard::toString);
    }
  }

  private static String connect(String device, Queue<String> heard) {
    return heard.stream()
        .filter(said -> said.startsWith("v1/gateway/connect") && said.contains(device))
        .findFirst()
        .map(said -> said.substring(said.indexOf(' ') + 1))
        .orElse("nothing for " + device);
  }

  private static long readings(Queue<String> heard) {
    long readings = 0;
    for (String said : heard) {
      if (said.startsWith("v1/gateway/telemetry ")) {
        JsonObject told =
            JsonParser.parseString(said.substring(said.indexOf(' ') + 1)).getAsJsonObject();
        for (String device : told.keySet()) {
          for (var entry : told.getAsJsonArray(device)) {
            readings += entry.getAsJsonObject().getAsJsonObject("values").size();
          }
        }
      }
    }
    return readings;
  }
}
