package io.verge.simulator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Catalog;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import io.verge.model.Quality;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.world.RecordedStreet;
import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small fleet against the simulator's brokers and one ledger. */
class FleetTest {
  private static final int GATEWAYS = 30;
  private static final long SECOND = 1_000_000_000L;

  @TempDir private Path folder = Path.of("unset");
  private final Ticker ticker = new SystemTicker();

  /** Two lamps, polled every 10 s for ten minutes. */
  private static RecordedStreet street() {
    Catalog catalog =
        new Catalog(
            1,
            List.of(new DeviceType("lamp", 10_000, List.of(PointType.gauge("power", "W", 1)))),
            List.of(new Device(0, "lamp-1"), new Device(0, "lamp-2")));
    List<Sample> samples = new ArrayList<>();
    for (int n = 0; n < 120; n++) {
      Stamp stamp = new Stamp(1, 0, 1_790_000_000_000L + n / 2 * 10_000, 50);
      samples.add(new Sample(n % 2, stamp, Quality.GOOD, new long[] {300 + n}, null));
    }
    return new RecordedStreet(catalog, samples, List.of());
  }

  private Fleet fleet(List<URI> servers) throws Exception {
    return new Fleet(
        new Fleet.Settings(GATEWAYS, 1, servers, 10_000, 0, 5_000, "", 7), street(), ticker);
  }

  /** Until all is as wanted, or a minute has passed. */
  private Fleet.Now await(Fleet fleet, int connected, long acked, boolean sealing) {
    long end = ticker.nanos() + 60 * SECOND;
    Fleet.Now now = fleet.look();
    while ((now.connected() < connected || now.acked() < acked || !sealing && now.unacked() > 0)
        && ticker.nanos() < end) {
      fleet.runUntil(ticker.nanos() + SECOND / 10, sealing);
      now = fleet.look();
    }
    assertThat(now.connected())
        .as(String.valueOf(fleet.trouble()))
        .isGreaterThanOrEqualTo(connected);
    assertThat(now.acked()).isGreaterThanOrEqualTo(acked);
    return now;
  }

  @Test
  void everyBatchOfEveryGatewayIsStoredOnceWhenABrokerDies() throws Exception {
    try (Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.NORMAL)) {
      Receiver receiver = new Receiver(ledger, System::currentTimeMillis);
      Broker first = new Broker(BrokerSettings.plain(0)).start();
      try (Broker second = new Broker(BrokerSettings.plain(0)).start()) {
        MqttFront.on(first, receiver);
        MqttFront.on(second, receiver);
        List<URI> servers =
            List.of(
                URI.create("mqtt://127.0.0.1:" + first.port()),
                URI.create("mqtt://127.0.0.1:" + second.port()));
        try (Fleet fleet = fleet(servers)) {
          await(fleet, GATEWAYS, GATEWAYS, true);
          first.close();
          Fleet.Now after = await(fleet, GATEWAYS, 2L * GATEWAYS, true);
          assertThat(after.skipped()).isZero();
          Fleet.Now end = await(fleet, GATEWAYS, after.acked(), false);
          assertThat(end.unacked()).isZero();
          assertThat(end.acked()).isEqualTo(end.sealed());
          assertThat(end.payloadBytes()).isLessThan(end.sentBytes());
          Report report = ledger.report();
          assertThat(report.isWhole()).isTrue();
          assertThat(report.rows().stream().map(Report.Row::gateway).distinct())
              .hasSize(GATEWAYS)
              .contains("gw-00001", "gw-00030");
          assertThat(report.totalReadings()).isEqualTo(end.readings());
        }
      } finally {
        first.close();
      }
    }
  }
}
