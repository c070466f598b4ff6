package io.verge.simulator.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.rig.UplinkRig;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.mqtt.Mosquitto;
import io.verge.wire.CommandCodec;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of it is ours but the gateway: a real broker, and Eclipse Tahu's classes in the host. */
@SuppressWarnings("NullAway.Init") // JUnit calls open() first
class SparkplugOverMosquittoTest {
  @TempDir private Path folder;
  private Mosquitto mosquitto;
  private UplinkRig rig;

  @BeforeEach
  void open() throws Exception {
    mosquitto = Mosquitto.start(folder, "allow_anonymous true");
    rig = new UplinkRig(folder, "operator");
    rig.uplink(
        "operator",
        mosquitto.port(),
        UplinkSettings.Codec.SPARKPLUG_B,
        new UplinkSettings.Foreign(List.of(), "street", "gw-1", "scada", "", ""),
        null);
  }

  @AfterEach
  void close() throws Exception {
    if (rig != null) {
      rig.close();
    }
    if (mosquitto != null) {
      mosquitto.close();
    }
  }

  @Test
  void aHostCommandsAndAsksForBirths() throws Exception {
    rig.acquire(1);
    try (SparkplugHost host = new SparkplugHost("127.0.0.1", mosquitto.port(), "street", "scada")) {
      rig.until(() -> host.report().readings() == rig.acquired(), () -> host.report().toString());
      host.write("gw-1", "lamp-2", "level", 30);
      byte[] message = rig.commands().poll(60, TimeUnit.SECONDS);
      var command = CommandCodec.decode(java.util.Objects.requireNonNull(message), "t").orThrow();
      assertThat(command.target()).isEqualTo("lamp-2");
      assertThat(command.op()).isEqualTo("set-level");
      assertThat(command.args()).containsEntry("level", 30L);
      host.askRebirth("gw-1");
      rig.until(() -> host.report().births() == 2, () -> host.report().toString());
      rig.acquire(1);
      rig.until(() -> host.report().readings() == rig.acquired(), () -> host.report().toString());
      assertThat(host.report().breaks()).isZero();
      host.say(false);
      rig.until(() -> host.report().deaths() >= 1, () -> host.report().toString());
      rig.acquire(1);
      host.say(true);
      rig.until(() -> host.report().readings() == rig.acquired(), () -> host.report().toString());
    }
  }
}
