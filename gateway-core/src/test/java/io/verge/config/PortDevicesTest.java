package io.verge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.transport.serial.SerialProvider;
import io.verge.transport.tcp.TcpProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree of plain files: their device number is 0:0, and the kernel's tree says what that is. */
class PortDevicesTest {
  @TempDir private Path root = Path.of("unset");

  @BeforeEach
  void aMachine() throws IOException {
    for (String folder : List.of("dev/pts", "dev/verge", "dev/serial/by-id", "sys/dev/char")) {
      Files.createDirectories(root.resolve(folder));
    }
  }

  private void node(String name) throws IOException {
    Files.createFile(root.resolve(name));
  }

  private void link(String name, String to) throws IOException {
    Files.createDirectories(root.resolve(name).resolveSibling(""));
    Files.createSymbolicLink(root.resolve(name), root.resolve(to));
  }

  /** What every node of this tree is. */
  private void isAt(String place) throws IOException {
    Files.createDirectories(root.resolve("sys/devices").resolve(place));
    link("sys/dev/char/0:0", "sys/devices/" + place);
  }

  private List<String> of(String... ports) {
    StringBuilder text = new StringBuilder("[site]\ngateway = \"gw-1\"\n");
    for (int i = 0; i < ports.length; i++) {
      text.append("[[bus]]\nname = \"b").append(i).append("\"\nport = \"").append(ports[i]);
      text.append("\"\n");
    }
    List<io.verge.transport.TransportProvider> transports =
        List.of(new SerialProvider(), new TcpProvider());
    ConfigReader.Result read =
        new ConfigReader(List.of(), transports, Set.of())
            .read(text.toString().getBytes(StandardCharsets.UTF_8), root.resolve("gateway.toml"));
    assertThat(read.problems()).isEmpty();
    return new PortDevices(root).of(Objects.requireNonNull(read.config()), transports);
  }

  @Test
  void aFixedPortIsItsNodeAndNetworksNeedNone() throws IOException {
    node("dev/ttyAMA0");
    node("dev/ttyS1");
    link("dev/serial0", "dev/ttyAMA0");
    isAt("platform/soc/fe201000.serial/tty/ttyAMA0");
    assertThat(of("serial:/dev/serial0", "serial:/dev/ttyS1?baud=9600", "tcp:10.0.0.7:4001"))
        .containsExactly("/dev/ttyAMA0", "/dev/ttyS1");
  }

  @Test
  void anAdapterMayComeBackUnderAnotherNumber() throws IOException {
    node("dev/ttyUSB0");
    link("dev/verge/rs485-1", "dev/ttyUSB0");
    isAt("pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/ttyUSB0/tty/ttyUSB0");
    assertThat(of("serial:/dev/ttyUSB0")).containsExactly("char-ttyUSB");
    assertThat(of("serial:/dev/verge/rs485-1")).containsExactly("char-ttyACM", "char-ttyUSB");
  }

  @Test
  void whatIsNotPluggedInYetIsAllowedByItsKind() {
    assertThat(of("serial:/dev/ttyUSB3")).containsExactly("char-ttyUSB");
    assertThat(of("serial:/dev/ttyS3")).containsExactly("char-ttyS");
    assertThat(of("serial:/dev/serial/by-id/usb-FTDI_1")).hasSize(2).contains("char-ttyACM");
    assertThat(of("serial:/dev/rs485")).hasSize(5).contains("char-ttyAMA", "char-ttyUSB");
  }

  @Test
  void pseudoTerminalsNeedNothing() throws IOException {
    node("dev/pts/3");
    link("srv/lamps-1", "dev/pts/3");
    assertThat(of("serial:/dev/pts/3", "serial:/srv/lamps-1", "serial:/srv/not-yet")).isEmpty();
  }

  @Test
  void aNodeNoKernelKnowsIsTakenAsItIs() throws IOException {
    node("dev/ttyS2");
    assertThat(of("serial:/dev/ttyS2")).containsExactly("/dev/ttyS2");
  }
}
