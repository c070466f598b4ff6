package io.verge.uplink.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.verge.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

final class TimedInputTest {
  private long nanos;

  private final Ticker ticker =
      new Ticker() {
        @Override
        public long nanos() {
          return nanos;
        }

        @Override
        public void sleepUntil(long deadlineNanos) {
          nanos = deadlineNanos;
        }
      };

  /** Each byte is there when it is asked for, and each takes ten seconds of the clock. */
  @Test
  void aServerThatDripsEndsAtTheDeadline() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket drips = server.accept()) {
      drips.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes("US-ASCII"));
      TimedInput in = new TimedInput(socket, ticker, 40_000);
      for (int i = 0; i < 4; i++) {
        assertThat(in.read()).isEqualTo("HTTP".charAt(i));
        nanos += 10_000_000_000L;
      }
      assertThatThrownBy(in::read).isInstanceOf(IOException.class).hasMessageContaining("in time");
      in.within(1_000);
      assertThat(in.read()).as("a new deadline").isEqualTo('/');
    }
  }
}
