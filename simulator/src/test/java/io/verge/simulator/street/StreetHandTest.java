package io.verge.simulator.street;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class StreetHandTest {
  private static final long LONG = 3_600_000_000_000L;

  private final Street street = new Street(1, new SimulatedClock(() -> 0, 1_790_000_000_000L, 1));
  private final StreetHand hand = new StreetHand(street);
  private long nanos;

  private int distance() {
    nanos += LONG;
    byte[] frame = Objects.requireNonNull(street.plug("bin-07")).spontaneous(nanos);
    return frame.length == 0 ? -1 : (frame[1] & 0xFF) << 8 | frame[2] & 0xFF;
  }

  @Test
  void aDeadSensorIsReplacedByOneThatSitsHigher() {
    int before = distance();
    assertThat(before).isBetween(300, 2000);
    assertThat(hand.take("unplug bin-07")).isEqualTo("bin-07 is unplugged");
    assertThat(distance()).isEqualTo(-1);
    assertThat(hand.take("mount bin-07 35")).isEqualTo("bin-07 is plugged in, 35 mm higher");
    assertThat(distance()).isEqualTo(before + 35);
    assertThat(hand.take("empty bin-07")).isEqualTo("bin-07 is empty");
    assertThat(distance()).isEqualTo(2035);
    assertThat(street.fills()[6]).isZero();
  }

  @Test
  void whatIsNotUnderstoodIsSaid() {
    for (String line :
        new String[] {"", "unplug", "unplug bin-99", "mount bin-07", "dance bin-07"}) {
      assertThat(hand.take(line)).as(line).matches("expected: .*|no bus .*|'' is not .*");
    }
    assertThat(hand.take("mount bin-07 99999")).contains("0 to 2000");
    assertThat(hand.take("empty lamp-01")).isEqualTo("no container is called lamp-01");
    assertThat(distance()).isPositive();
  }
}
