package io.verge.simulator.street;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
  private static final long DAY_MS = 86_400_000L;

  @TempDir Path folder;

  /** Two and a half days from 06:00 on: it loops after two, at the same time of day. */
  private static Recording recording() {
    long[] at = new long[11];
    double[] values = new double[11];
    for (int i = 0; i < at.length; i++) {
      at[i] = 100 * DAY_MS + DAY_MS / 4 + i * DAY_MS / 4;
      values[i] = i;
    }
    return new Recording(at, values);
  }

  @Test
  void aValueHoldsUntilTheNext() {
    Recording recording = recording();
    assertThat(recording.value(100 * DAY_MS + DAY_MS / 4)).isEqualTo(0);
    assertThat(recording.value(100 * DAY_MS + DAY_MS / 2 - 1)).isEqualTo(0);
    assertThat(recording.value(100 * DAY_MS + DAY_MS / 2)).isEqualTo(1);
  }

  @Test
  void itPlaysAtItsOwnTimeOfDay() {
    Recording recording = recording();
    assertThat(recording.value(200 * DAY_MS + DAY_MS / 2)).isEqualTo(1);
    assertThat(recording.value(201 * DAY_MS + DAY_MS / 2)).isEqualTo(5);
    assertThat(recording.value(202 * DAY_MS + DAY_MS / 2)).isEqualTo(1);
  }

  @Test
  void aTotalNeverFalls() {
    Recording recording = recording();
    double before = recording.total(0);
    for (long ms = DAY_MS / 8; ms < 12 * DAY_MS; ms += DAY_MS / 8) {
      double now = recording.total(ms);
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
    assertThat(recording.total(12 * DAY_MS) - recording.total(0)).isEqualTo(6 * 8);
  }

  @Test
  void aFileIsReadAndItsErrorsLeftOut() throws IOException {
    Files.writeString(
        folder.resolve("frankfurt_glass_70B3D50070001700.csv"),
        """
        ,id,deveui,unix_time,client_id,created_at,Status,Sensor ID,Events,Height,Voltage,Temperature,Tilt,Tx Event,Messagetype
        1,2,x,1588978216966,hi3,t,"['SS', 'a']",7,E,32 cm,3570 mV,18 C,0 Degree,32 Times,
        2,3,x,1588981816797,hi3,t,"['SS', 'a']",7,E,255 cm,3570 mV,18 C,0 Degree,33 Times,
        3,4,x,1588985416629,hi3,t,"['SS', 'a']",7,E,40 cm,3570 mV,18 C,0 Degree,34 Times,
        """);
    Recordings found = Recordings.in(folder);
    assertThat(found.water()).isNull();
    assertThat(found.containers()).hasSize(1);
    assertThat(found.containers().get(0).value(1588978216966L)).isEqualTo(320);
    assertThat(found.containers().get(0).value(1588985416629L)).isEqualTo(400);
  }

  @Test
  void aBrokenFileIsNamedWithItsLine() throws IOException {
    Files.writeString(
        folder.resolve("ciws_site019_4s_pulses.csv"),
        "Site #: 019\n\"19-10-4 13:10:06\",1,0\n\"19-10-4 13:10:10\",2,many\n");
    assertThatThrownBy(() -> Recordings.in(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ciws_site019_4s_pulses.csv:3: For input string: \"many\"");
  }

  @Test
  void theRealOnesRead() throws IOException {
    Path real = Path.of(System.getProperty("verge.root", ".."), "..", "shared", "datasets");
    assumeTrue(Files.exists(real), "no recordings beside the checkout");
    Recordings found = Recordings.in(real);
    assertThat(found.containers()).hasSize(2);
    Recording water = Objects.requireNonNull(found.water());
    // The source's notes count 29,015 pulses in 105,180 rows of 4 s: 4.87 days, of which 4 loop.
    assertThat(water.total(4 * DAY_MS) - water.total(0)).isBetween(15_000.0, 29_015.0);
  }
}
