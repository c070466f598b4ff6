package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DataMeterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long UTC = UsageTest.utc("2026-11-10T00:00:00Z");

  private final Map<String, long[]> kept = new HashMap<>();
  private int writes;

  private final Site site =
      new Site() {
        @Override
        public Catalog catalog() {
          return new Catalog(0, List.of(), List.of());
        }

        @Override
        public @Nullable Sample last(int device) {
          return null;
        }

        @Override
        public long nextConnection() {
          return 0;
        }

        @Override
        public long[] kept(String what) {
          return kept.getOrDefault(what, new long[0]);
        }

        @Override
        public void keep(String what, long[] numbers) {
          kept.put(what, numbers);
          writes++;
        }
      };

  private DataMeter meter(long budget, long keepAliveMostMs) {
    return new DataMeter(new Line(budget, 1, 0, keepAliveMostMs, null, null, "", 0), 60_000, site);
  }

  private static Stamp at(long seconds) {
    return new Stamp(1, seconds * 1000, UTC + seconds * 1000, 10);
  }

  @Test
  void theMonthSurvivesARestart() {
    DataMeter before = meter(0, 0);
    before.count(1_000, 500, at(1), SECOND);
    before.count(3_000, 700, at(2), 2 * SECOND);
    before.close(3 * SECOND);
    DataMeter after = meter(0, 0);
    assertThat(after.usage().sent()).isEqualTo(3_000);
    assertThat(after.usage().received()).isEqualTo(700);
    after.count(10, 10, at(100), 100 * SECOND);
    assertThat(after.usage().total()).as("a new run counts from zero").isEqualTo(3_720);
  }

  @Test
  void isKeptByBytesAndByTimeAndNotOtherwise() {
    DataMeter meter = meter(0, 0);
    meter.count(100, 0, at(1), SECOND);
    assertThat(writes).as("first bytes wait").isZero();
    meter.count(70_000, 0, at(2), 2 * SECOND);
    assertThat(writes).isEqualTo(1);
    meter.count(70_001, 0, at(1_000), 1_000 * SECOND);
    assertThat(writes).isEqualTo(2);
    meter.count(70_001, 0, at(9_000), 9_000 * SECOND);
    meter.close(9_001 * SECOND);
    assertThat(writes).as("nothing new, nothing written").isEqualTo(2);
  }

  @Test
  void tellsOnceThatItSavesAndHoldsWhatTheStageSays() {
    DataMeter meter = meter(1_000_000, 0);
    assertThat(meter.count(1_000, 0, at(1), SECOND)).isFalse();
    assertThat(meter.holds(Lane.TELEMETRY)).isFalse();
    assertThat(meter.count(1_050_000, 0, at(2), 2 * SECOND)).isTrue();
    assertThat(meter.stage()).isEqualTo(Thrift.EVENTS_ONLY);
    assertThat(meter.holds(Lane.TELEMETRY)).isTrue();
    assertThat(meter.holds(Lane.EVENT)).isFalse();
    assertThat(meter.count(1_050_000, 0, at(3), 3 * SECOND)).isFalse();
  }

  @Test
  void aLongerKeepAliveIsTriedAfterTenIntervalsAndGivenUpAfterTwoDeaths() {
    DataMeter meter = meter(0, 1_200_000);
    long now = SECOND;
    meter.up(now);
    assertThat(meter.wantsLonger(now + 599 * SECOND)).isFalse();
    now += 600 * SECOND;
    assertThat(meter.wantsLonger(now)).isTrue();
    assertThat(meter.keepAliveMs()).isEqualTo(120_000);
    meter.down(true, now);
    meter.up(now + SECOND);
    assertThat(meter.keepAliveMs()).as("hung up by ourselves").isEqualTo(120_000);
    now += 300 * SECOND;
    meter.down(false, now);
    meter.up(now + 10 * SECOND);
    now += 300 * SECOND;
    meter.down(false, now);
    meter.up(now + 10 * SECOND);
    assertThat(meter.keepAliveMs()).isEqualTo(60_000);
    assertThat(meter(0, 1_200_000).keepAliveMs()).as("remembered").isEqualTo(60_000);
  }

  @Test
  void anOutageIsNoDeathOfSilence() {
    DataMeter meter = meter(0, 1_200_000);
    meter.up(SECOND);
    assertThat(meter.wantsLonger(700 * SECOND)).isTrue();
    meter.down(true, 700 * SECOND);
    long now = 701 * SECOND;
    for (int i = 0; i < 5; i++) {
      meter.up(now);
      now += 200 * SECOND;
      meter.down(false, now);
      now += 61 * SECOND;
    }
    assertThat(meter.keepAliveMs()).as("the link was away for longer").isEqualTo(120_000);
    for (int i = 0; i < 5; i++) {
      meter.up(now);
      now += 119 * SECOND;
      meter.down(false, now);
      now += SECOND;
    }
    assertThat(meter.keepAliveMs()).as("it was not silent for that long").isEqualTo(120_000);
  }
}
