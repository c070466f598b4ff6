package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceGrantsTest {
  @TempDir private Path folder = Path.of("unset");
  private Root time = new Root();
  private int written;

  /** Time that passes when it is waited for; root answers after a while, or never. */
  private final class Root implements Ticker {
    private long nanos = 5_000_000_000L;
    private int answersAfter = Integer.MAX_VALUE;
    private String but = "none";

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
      nanos = deadlineNanos;
      answersAfter--;
      try {
        if (answersAfter == 0) {
          Files.writeString(granted(), Files.readString(wanted()).replace(but + "\n", ""));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void noAnswerYet() {
    time = new Root();
    written = 0;
  }

  private Path granted() {
    return folder.resolve("granted");
  }

  private Path wanted() {
    return folder.resolve("data/devices");
  }

  private String ask(String... devices) throws IOException {
    Files.createDirectories(folder.resolve("data"));
    WholeFiles counted =
        new WholeFiles() {
          @Override
          void write(Path path, byte[] bytes) throws IOException {
            written++;
            super.write(path, bytes);
          }
        };
    Map<String, String> environment = Map.of(DeviceGrants.GRANTED, granted().toString());
    return new DeviceGrants(environment, folder.resolve("data"), counted, time)
        .ask(List.of(devices));
  }

  @Test
  void asksOnceAndWaitsForTheAnswer() throws IOException {
    time.answersAfter = 3;
    assertThat(ask("/dev/ttyS1", "char-ttyUSB")).isEmpty();
    assertThat(wanted()).hasContent("/dev/ttyS1\nchar-ttyUSB\n");
    assertThat(written).isEqualTo(1);
  }

  @Test
  void whatIsGrantedAlreadyIsNotAskedForAgain() throws IOException {
    time.answersAfter = 1;
    assertThat(ask("/dev/ttyS1")).isEmpty();
    long before = time.nanos;
    assertThat(ask("/dev/ttyS1")).isEmpty();
    assertThat(written).isEqualTo(1);
    assertThat(time.nanos).isEqualTo(before);
  }

  @Test
  void lessIsToldWithoutWaiting() throws IOException {
    time.answersAfter = 1;
    assertThat(ask("/dev/ttyS1", "/dev/ttyS2")).isEmpty();
    long before = time.nanos;
    assertThat(ask("/dev/ttyS1")).isEmpty();
    assertThat(wanted()).hasContent("/dev/ttyS1\n");
    assertThat(time.nanos).isEqualTo(before);
  }

  @Test
  void aWishNobodyHeardIsWrittenAgainAndThenGivenUp() throws IOException {
    assertThat(ask("/dev/ttyS1")).contains("not granted: /dev/ttyS1", "journalctl");
    assertThat(written).isEqualTo(3);
    assertThat(time.nanos - 5_000_000_000L).isBetween(6_000_000_000L, 7_000_000_000L);
  }

  @Test
  void whatRootRefusesIsNamed() throws IOException {
    time.answersAfter = 1;
    time.but = "/dev/kmsg";
    assertThat(ask("/dev/kmsg", "/dev/ttyS1")).contains("/dev/kmsg").doesNotContain("ttyS1");
  }

  @Test
  void whereNobodyGrantsNothingIsWritten() {
    assertThat(
            new DeviceGrants(Map.of(), folder.resolve("data"), new WholeFiles(), time)
                .ask(List.of("/dev/ttyS1")))
        .isEmpty();
    assertThat(wanted()).doesNotExist();
  }
}
