package io.verge.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.verge.transport.serial.SerialProvider;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Serial ports on a pair of pseudo-terminals made by socat. */
class SerialContractTest extends ByteTransportContract {
  @TempDir private Path folder = Path.of("unset");
  private @Nullable Process socat;
  private @Nullable RandomAccessFile peer;
  private @Nullable RandomAccessFile held;

  @BeforeEach
  void pair() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/socat")), "no socat: serial is not tested");
    socat =
        new ProcessBuilder(
                "socat",
                "pty,raw,echo=0,link=" + folder.resolve("near"),
                "pty,raw,echo=0,link=" + folder.resolve("far"))
            .start();
    long end = TICKER.nanos() + 20_000_000_000L;
    while (!Files.exists(folder.resolve("far")) && TICKER.nanos() < end) {
      TICKER.sleepUntil(TICKER.nanos() + 10_000_000);
    }
    peer = new RandomAccessFile(folder.resolve("far").toFile(), "rw");
    // socat ends half a second after the last close of a slave.
    held = new RandomAccessFile(folder.resolve("near").toFile(), "rw");
  }

  @AfterEach
  void stop() throws Exception {
    for (RandomAccessFile file : new RandomAccessFile[] {peer, held}) {
      if (file != null) {
        file.close();
      }
    }
    end();
  }

  private void end() throws InterruptedException {
    if (socat != null) {
      socat.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }
  }

  @Override
  ByteTransport open() throws Exception {
    return new SerialProvider().open(uri(), TICKER);
  }

  private PortUri uri() {
    return new PortUri("serial", folder.resolve("near").toString(), Map.of("baud", "115200"));
  }

  @Override
  Far far() {
    RandomAccessFile file = Objects.requireNonNull(peer);
    return new Far() {
      @Override
      public void say(byte[] bytes) throws IOException {
        file.write(bytes);
      }

      @Override
      public byte[] hear(int count) throws IOException {
        byte[] bytes = new byte[count];
        file.readFully(bytes);
        return bytes;
      }

      @Override
      public void vanish() throws InterruptedException {
        end();
      }
    };
  }

  @Test
  void aPortThatIsNotThereSaysWhatToLookAt() throws Exception {
    PortUri absent = new PortUri("serial", folder.resolve("none").toString(), Map.of());
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> new SerialProvider().open(absent, TICKER))
        .isInstanceOf(TransportException.class)
        .hasMessageContaining("none does not exist");
  }

  /** It keeps no parity, which glibc's tcsetattr takes for a failure. */
  @Test
  void aPseudoTerminalIsOpenedWithParityAgainAndAgain() throws Exception {
    PortUri meters =
        new PortUri(
            "serial", folder.resolve("near").toString(), Map.of("baud", "2400", "format", "8E1"));
    for (int opening = 0; opening < 3; opening++) {
      try (ByteTransport port = new SerialProvider().open(meters, TICKER)) {
        assertThat(port.characterNanos()).as("11 bits").isEqualTo(11 * 1_000_000_000L / 2400);
        far().say(new byte[] {7});
        assertThat(port.read(new byte[1], 0, TICKER.nanos() + 20_000_000_000L)).isEqualTo(1);
      }
    }
  }

  @Test
  void everyWrongOptionIsNamed() {
    PortUri wrong =
        new PortUri(
            "serial", "ttyUSB0", Map.of("baud", "9", "format", "9N1", "rs485", "yes", "x", "1"));
    assertThat(new SerialProvider().check(wrong)).hasSize(5);
  }
}
