package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.simulator.keys.Authority;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers are believed with a clock and without one, whatever the transport. */
public abstract class TrustRules {
  protected static final String HOST = "127.0.0.1";
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant NOW = Instant.now();

  @TempDir private Path folder = Path.of("unset");

  /** Whether a client with this authority believes the identity of a server at {@link #HOST}. */
  protected abstract boolean believes(Authority of, String identity, Path ca, boolean clockIsSet)
      throws Exception;

  @Test
  void withoutAClockTheDayTheCertificateBeginsCounts() throws Exception {
    Authority authority = new Authority(folder, "authority");
    Path ca = authority.pem("authority");
    authority.sign("later", NOW.plus(DAY), NOW.plus(DAY.multipliedBy(2)), HOST);
    assertThat(believes(authority, "later", ca, true)).isFalse();
    assertThat(believes(authority, "later", ca, false)).isTrue();
    authority.sign("now", HOST);
    assertThat(believes(authority, "now", ca, true)).isTrue();
    assertThat(believes(authority, "now", ca, false)).isTrue();
  }

  @Test
  void signerHostAndWhatEndedLongAgoAreCheckedAllTheSame() throws Exception {
    Authority authority = new Authority(folder, "authority");
    Path ca = authority.pem("authority");
    authority.sign(
        "old", Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2021-01-01T00:00:00Z"), HOST);
    authority.sign("elsewhere", "another.example");
    Authority stranger = new Authority(folder, "stranger");
    stranger.sign("strange", HOST);
    for (boolean clockIsSet : new boolean[] {true, false}) {
      assertThat(believes(authority, "old", ca, clockIsSet)).as("old").isFalse();
      assertThat(believes(authority, "elsewhere", ca, clockIsSet)).as("elsewhere").isFalse();
      assertThat(believes(stranger, "strange", ca, clockIsSet)).as("strange").isFalse();
    }
  }
}
