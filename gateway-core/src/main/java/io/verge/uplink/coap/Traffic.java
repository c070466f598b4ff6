package io.verge.uplink.coap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What passes the sockets made here, in bytes of datagrams without UDP and IP headers. */
final class Traffic {
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  long[] counts() {
    return new long[] {sent.get(), received.get()};
  }

  /** A socket that is not bound yet. */
  DatagramSocket socket() throws SocketException {
    return new Counting();
  }

  private final class Counting extends DatagramSocket {
    Counting() throws SocketException {
      super((@Nullable SocketAddress) null);
    }

    @Override
    public void send(DatagramPacket packet) throws IOException {
      super.send(packet);
      sent.addAndGet(packet.getLength());
    }

    @Override
    public void receive(DatagramPacket packet) throws IOException {
      super.receive(packet);
      received.addAndGet(packet.getLength());
    }
  }
}
