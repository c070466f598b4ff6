package io.verge.simulator.sparkplug;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.rig.UplinkRig;
import io.verge.uplink.UplinkSettings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One store, two back ends: the city's own protocol, and Sparkplug to an independent host. */
@SuppressWarnings("NullAway.Init") // JUnit calls open() first
class TwoUplinksTest {
  @TempDir private Path folder;
  private UplinkRig rig;
  private Ledger ledger;
  private Broker city;
  private Broker other;

  @BeforeEach
  void open() throws Exception {
    rig = new UplinkRig(folder, "city", "operator");
    ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL);
    city = new Broker(BrokerSettings.plain(0)).start();
    other = new Broker(BrokerSettings.plain(0)).start();
    MqttFront.on(city, new Receiver(ledger, rig::utcMs));
    rig.uplink("city", city.port(), UplinkSettings.Codec.VERGE, UplinkSettings.Foreign.NONE, null);
    rig.uplink(
        "operator",
        other.port(),
        UplinkSettings.Codec.SPARKPLUG_B,
        new UplinkSettings.Foreign(List.of(), "street", "gw-1", "scada", "", ""),
        null);
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
    city.close();
    other.close();
    ledger.close();
  }

  private long stored() {
    try {
      return ledger.report().totalReadings();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private long delivered(String uplink) {
    return rig.counters().get("readings.delivered." + uplink);
  }

  @Test
  void bothReconcileAndADeadOneDoesNotHoldTheOther() throws Exception {
    rig.acquire(10);
    rig.until(() -> stored() == rig.acquired(), () -> "city has " + stored());
    assertThat(delivered("operator")).as("without its primary host it keeps all back").isZero();
    try (SparkplugHost host = new SparkplugHost("127.0.0.1", other.port(), "street", "scada")) {
      rig.until(() -> host.report().readings() == rig.acquired(), () -> host.report().toString());
      assertThat(host.report().historical()).as("older than the birth").isEqualTo(rig.acquired());
      rig.acquire(10);
      rig.until(() -> stored() == rig.acquired(), () -> "city has " + stored());
      rig.until(() -> host.report().readings() == rig.acquired(), () -> host.report().toString());
      rig.until(
          () -> delivered("operator") == rig.acquired(), () -> "acked " + delivered("operator"));
      assertThat(host.report().devices()).isEqualTo(UplinkRig.LAMPS);
      assertThat(host.report().breaks()).isZero();
      assertThat(host.report().strange()).isZero();
      assertThat(host.value("lamp-3", "power")).isEqualTo("60.9");
      city.close();
      rig.acquire(10);
      rig.until(() -> host.report().readings() == rig.acquired(), () -> host.report().toString());
      assertThat(stored()).isLessThan(rig.acquired());
    }
  }
}
