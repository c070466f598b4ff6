package io.verge.simulator.backend;

import io.verge.model.Command;
import io.verge.wire.CommandCodec;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.CoapServer;
import org.eclipse.californium.core.network.CoapEndpoint;

/**
 * The receiver on CoAP resources {@code /verge/v1/GATEWAY/…}: batch, hello and catalog take
 * messages and answer with acks; command is observed. A message is answered after its commit; one
 * that could not be committed gets 5.03. Over DTLS a gateway may only use its own path.
 */
public final class CoapFront implements AutoCloseable {
  private final CoapServer server;
  private final CoapEndpoint endpoint;
  private final CoapGateways gateways;
  private final AtomicLong failures = new AtomicLong();

  /**
   * Listens and serves.
   *
   * @throws IOException if the port can't be had, or the keys can't be used.
   */
  public CoapFront(CoapFrontSettings settings, Receiver receiver) throws IOException {
    this(settings, receiver.asBackEnd());
  }

  /**
   * The same for any back end.
   *
   * @throws IOException if the port can't be had, or the keys can't be used.
   */
  public CoapFront(CoapFrontSettings settings, BackEnd backEnd) throws IOException {
    endpoint = CoapServerSide.endpoint(settings);
    server = new CoapServer(endpoint.getConfig());
    server.addEndpoint(endpoint);
    gateways = new CoapGateways(backEnd, settings.isSecure(), failures);
    CoapResource verge = new CoapResource("verge", true);
    verge.add(gateways);
    server.add(verge);
    if (settings.isSecure()) {
      server.getRoot().getChild(".well-known").add(new OwnResources(server.getRoot()));
    }
    try {
      server.start();
    } catch (IllegalStateException e) {
      server.destroy();
      throw new IOException(
          "UDP port " + settings.port() + " of " + settings.host() + " can't be had", e);
    }
  }

  public int port() {
    return endpoint.getAddress().getPort();
  }

  /** Messages that could not be committed. */
  public long failures() {
    return failures.get();
  }

  /** Sends a command, confirmable; kept until the gateway acknowledges it. */
  public void command(String gateway, Command command) {
    CoapGateways.Gateway of = gateways.of(gateway);
    if (of != null) {
      of.commands().add(CommandCodec.encode(command));
    }
  }

  @Override
  public void close() {
    server.destroy();
  }
}
