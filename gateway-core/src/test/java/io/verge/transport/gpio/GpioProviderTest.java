package io.verge.transport.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.verge.time.SystemTicker;
import io.verge.transport.ChipView;
import io.verge.transport.PortUri;
import io.verge.transport.TransportException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpioProviderTest {
  private final GpioProvider provider = new GpioProvider();

  @Test
  void goodPortsHaveNoProblems() {
    for (String port :
        new String[] {
          "gpio:gpiochip0", "gpio:gpiochip11?via=pi4j", "gpio:gpiochip4?via=chardev&debounce=5ms"
        }) {
      assertThat(provider.check(PortUri.parse(port).orThrow())).as(port).isEmpty();
    }
  }

  @Test
  void everyWrongPartIsNamed() {
    PortUri wrong =
        new PortUri("gpio", "/dev/mem", Map.of("via", "sysfs", "debounce", "2s", "pull", "up"));
    assertThat(provider.check(wrong))
        .hasSize(4)
        .anyMatch(one -> one.contains("'/dev/mem'"))
        .anyMatch(one -> one.contains("'sysfs'"))
        .anyMatch(one -> one.contains("'2s'"))
        .anyMatch(one -> one.contains("'pull'"));
    PortUri both = new PortUri("gpio", "gpiochip0", Map.of("via", "pi4j", "debounce", "2ms"));
    assertThat(provider.check(both)).singleElement().asString().contains("via=chardev");
  }

  @Test
  void onARaspberryPiTheHeaderIsLookedForAmongAllChips() {
    Board pi = new Board("Raspberry Pi 4 Model B");
    PortUri chip = PortUri.parse("gpio:gpiochip2").orThrow();
    assertThat(GpioProvider.devices(chip, pi)).containsExactly("char-gpiochip");
    assertThat(GpioProvider.devices(chip, new Board(""))).containsExactly("/dev/gpiochip2");
    PortUri direct = PortUri.parse("gpio:gpiochip2?via=chardev").orThrow();
    assertThat(GpioProvider.devices(direct, pi)).containsExactly("/dev/gpiochip2");
  }

  @Test
  void theChipsOfAMachineAreListedWithoutClaimingALine() throws Exception {
    FakeKernel kernel = new FakeKernel(() -> 0);
    kernel.plug("gpiochip0", "pinctrl-bcm2711", 4);
    kernel.plug("gpiochip2", "pca9555", 2);
    kernel.name("gpiochip0", 1, "GPIO1");
    kernel.hold("gpiochip0", 1, "lamp");
    assertThat(ChardevChips.all(kernel))
        .extracting(chip -> chip.name() + " " + chip.label() + " " + chip.lines().size())
        .containsExactly("gpiochip0 pinctrl-bcm2711 4", "gpiochip2 pca9555 2");
    assertThat(ChardevChips.all(kernel).get(0).lines().get(1))
        .isEqualTo(new ChipView.LineView(1, "GPIO1", false, true, "lamp"));
    assertThat(ChardevChips.all(kernel).get(1).lines().get(0).used()).isFalse();
    assertThat(kernel.openDescriptors()).isZero();
    assertThat(kernel.violations()).isEmpty();
    kernel.refuseAccess();
    assertThatThrownBy(() -> ChardevChips.all(kernel))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("group gpio");
  }

  @Test
  void whereThereIsNoChipThatIsSaidByTheRealKernel() {
    assumeFalse(Files.exists(Path.of("/dev/gpiochip77")), "this machine has 78 GPIO chips");
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  provider.openLines(
                      new PortUri("gpio", "gpiochip77", Map.of()), new SystemTicker()))
          .isInstanceOf(TransportException.class)
          .matches(e -> ((TransportException) e).isRetriable())
          .hasMessageContaining("/dev/gpiochip77 does not exist")
          .hasMessageContaining("ls -l /dev/gpiochip*");
    }
  }

  @Test
  void theBoardIsReadFromTheDeviceTree(@TempDir Path folder) throws Exception {
    Path model = folder.resolve("model");
    Files.writeString(model, "Raspberry Pi Compute Module 4 Rev 1.0\0");
    assertThat(Board.of(model).isRaspberryPi()).isTrue();
    Files.writeString(model, "Radxa ROCK 3A\0");
    assertThat(Board.of(model)).isEqualTo(new Board("Radxa ROCK 3A"));
    assertThat(Board.of(folder.resolve("none")).isRaspberryPi()).isFalse();
  }
}
