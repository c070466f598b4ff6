package io.verge.transport.pwm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.verge.time.SystemTicker;
import io.verge.transport.GpioChip;
import io.verge.transport.PortUri;
import io.verge.transport.PwmContract;
import io.verge.transport.TransportException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PWM in sysfs against files that take what Linux takes. */
class SysfsPwmTest extends PwmContract {
  private final FakePwm sysfs = new FakePwm(CHANNELS);

  @Override
  protected GpioChip open() throws TransportException {
    return SysfsPwm.open(FakePwm.CHIP, sysfs);
  }

  @Override
  protected long[] modulation(int channel) {
    FakePwm.Channel one = sysfs.exported.get(channel);
    return one == null || !one.enabled ? new long[0] : new long[] {one.duty, one.period};
  }

  @Override
  protected void unplug() {
    sysfs.unplug();
  }

  @Test
  void permissionThatComesLateIsWaitedFor() throws TransportException {
    try (GpioChip chip = open()) {
      sysfs.refuseAccess(true);
      GpioChip.Pwm pwm = chip.pwm(0);
      assertThatThrownBy(() -> pwm.write(1_000_000, 1))
          .isInstanceOf(TransportException.class)
          .matches(e -> ((TransportException) e).isRetriable())
          .hasMessageContaining("AccessDenied")
          .hasMessageContaining("ls -l /sys/class/pwm/pwmchip0/pwm0");
      sysfs.refuseAccess(false);
      pwm.write(1_000_000, 1);
      assertThat(modulation(0)).containsExactly(1, 1_000_000);
    }
  }

  @Test
  void whatIsNoLineIsSaid() throws TransportException {
    try (GpioChip chip = open()) {
      assertThatThrownBy(() -> chip.output(17, true)).hasMessageContaining("only PWM channels");
      assertThatThrownBy(() -> chip.input(17, GpioChip.Bias.UP))
          .hasMessageContaining("only PWM channels");
    }
  }

  @Test
  void theProviderTellsEverythingWrongAndWhereToLook() {
    PwmProvider provider = new PwmProvider();
    assertThat(provider.check(new PortUri("pwm", "pwmchip0", Map.of()))).isEmpty();
    assertThat(provider.check(new PortUri("pwm", "../x", Map.of("hz", "1")))).hasSize(2);
    assumeFalse(Files.exists(Path.of("/sys/class/pwm/pwmchip77")), "this machine has 78 PWM chips");
    assertThatThrownBy(
            () -> provider.openLines(new PortUri("pwm", "pwmchip77", Map.of()), new SystemTicker()))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("/sys/class/pwm/pwmchip77 does not exist")
        .hasMessageContaining("dtoverlay=pwm-2chan");
  }

  @Test
  void realFilesAreReadAndWrittenWithoutBeingMade(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("period");
    assertThatThrownBy(() -> Sysfs.REAL.write(file, "1")).isInstanceOf(java.io.IOException.class);
    Files.writeString(file, "0\n");
    assertThat(Sysfs.REAL.read(file)).isEqualTo("0");
    Sysfs.REAL.write(file, "1000000");
    assertThat(Files.readString(file)).startsWith("1000000");
  }
}
