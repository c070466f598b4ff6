package io.verge.simulator.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkEmulatorTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final long SECOND = 1_000_000_000L;

  private static LinkSettings settings(int port, int latency, int jitter, int loss, int rate) {
    return new LinkSettings(
        0, new InetSocketAddress("127.0.0.1", port), latency, jitter, loss, rate, 7);
  }

  @Test
  void theRateIsSharedAndCountsHeaders() {
    Medium medium = new Medium(settings(1, 100, 0, 0, 8000), 1);
    Pipe<Integer> one = new Pipe<>(medium, 100, 40);
    Pipe<Integer> other = new Pipe<>(medium, 100, 40);
    one.put(1, 960, 0);
    other.put(2, 960, 0);
    one.put(3, 960, 0);
    assertThat(one.dueNanos()).isEqualTo(SECOND / 8 + SECOND / 10);
    assertThat(other.dueNanos()).isEqualTo(2 * SECOND / 8 + SECOND / 10);
    one.drop();
    assertThat(one.dueNanos()).isEqualTo(3 * SECOND / 8 + SECOND / 10);
  }

  /** What arrives of 10,000 datagrams, and when. */
  private static List<Long> arrivals(long seed, int jitter, int loss) {
    LinkSettings settings = settings(1, 10, jitter, loss, 0);
    Pipe<Integer> pipe = new Pipe<>(new Medium(settings, seed), 20_000, 28);
    for (int i = 0; i < 10_000; i++) {
      pipe.offer(i, 100, i * 1_000_000L);
    }
    List<Long> due = new ArrayList<>();
    for (; !pipe.isEmpty(); pipe.drop()) {
      due.add(pipe.dueNanos());
    }
    return due;
  }

  @Test
  void datagramsAreLostAndLateAsTheSeedSays() {
    List<Long> first = arrivals(3, 50, 300);
    assertThat(first).hasSizeBetween(6_800, 7_200).isSorted();
    assertThat(arrivals(3, 50, 300)).isEqualTo(first);
    assertThat(arrivals(4, 50, 300)).isNotEqualTo(first);
    assertThat(arrivals(3, 0, 0)).hasSize(10_000).startsWith(10_000_000L, 11_000_000L);
  }

  @Test
  void aLostSegmentIsLateAndNothingOvertakesIt() {
    LinkSettings settings = settings(1, 100, 0, 200, 0);
    Pipe<Integer> pipe = new Pipe<>(new Medium(settings, 5), 20_000, 40);
    for (int i = 0; i < 1000; i++) {
      pipe.put(i, 1360, 0);
    }
    long before = 0;
    for (int i = 0; i < 1000; i++, pipe.drop()) {
      assertThat(pipe.due(Long.MAX_VALUE)).isEqualTo(i);
      assertThat(pipe.dueNanos()).isGreaterThanOrEqualTo(before);
      before = pipe.dueNanos();
    }
    assertThat(before).isGreaterThan(SECOND / 2);
  }

  @Test
  void aStreamComesThroughABadLinkWhole() throws Exception {
    byte[] sent = new byte[200_000];
    new Random(1).nextBytes(sent);
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
        LinkEmulator link = new LinkEmulator(settings(server.getLocalPort(), 2, 3, 20, 2_000_000));
        Socket gateway = new Socket(LOOPBACK, link.port())) {
      Thread writer =
          new Thread(
              () -> {
                try {
                  gateway.getOutputStream().write(sent);
                } catch (java.io.IOException e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();
      try (Socket backend = server.accept()) {
        backend.setSoTimeout(30_000);
        byte[] arrived = new byte[sent.length];
        new DataInputStream(backend.getInputStream()).readFully(arrived);
        assertThat(arrived).isEqualTo(sent);
      }
      writer.join(10_000);
    }
  }

  @Test
  void aStrandedConnectionIsSilentAndANewOnePasses() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK);
        LinkEmulator link = new LinkEmulator(settings(server.getLocalPort(), 0, 0, 0, 0));
        Socket old = new Socket(LOOPBACK, link.port());
        Socket oldEnd = server.accept()) {
      old.getOutputStream().write(1);
      assertThat(oldEnd.getInputStream().read()).isEqualTo(1);
      link.strand();
      try (Socket fresh = new Socket(LOOPBACK, link.port());
          Socket freshEnd = server.accept()) {
        fresh.getOutputStream().write(2);
        assertThat(freshEnd.getInputStream().read()).isEqualTo(2);
        old.getOutputStream().write(3);
        oldEnd.setSoTimeout(200);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> oldEnd.getInputStream().read())
            .as("neither a byte nor an end")
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void aNewAddressIsAnotherPortForTheBackEnd() throws Exception {
    try (DatagramSocket backend = new DatagramSocket(0, LOOPBACK);
        LinkEmulator link = new LinkEmulator(settings(backend.getLocalPort(), 0, 0, 0, 0));
        DatagramSocket gateway = new DatagramSocket(0, LOOPBACK)) {
      backend.setSoTimeout(10_000);
      DatagramPacket out = new DatagramPacket(new byte[] {1}, 1, LOOPBACK, link.port());
      DatagramPacket in = new DatagramPacket(new byte[10], 10);
      gateway.send(out);
      backend.receive(in);
      int before = in.getPort();
      link.strand();
      int after = before;
      for (int i = 0; i < 100 && after == before; i++) {
        gateway.send(out);
        backend.receive(in);
        after = in.getPort();
      }
      assertThat(after).isNotEqualTo(before);
    }
  }
}
