package io.verge.simulator.backend;

import io.verge.wire.AckCodec;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.Resource;
import org.eclipse.californium.elements.auth.PreSharedKeyIdentity;
import org.eclipse.californium.elements.auth.X509CertPath;
import org.eclipse.californium.elements.util.CertPathUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /verge/v1}: a child for each gateway that was heard of, made when it is asked for. */
final class CoapGateways extends CoapResource {
  private static final Logger LOG = LoggerFactory.getLogger(CoapGateways.class);

  /** Gateways remembered: anybody may name one. */
  private static final int GATEWAYS_MAX = 1000;

  private static final Set<Integer> FORMATS =
      Set.of(
          MediaTypeRegistry.UNDEFINED,
          MediaTypeRegistry.APPLICATION_OCTET_STREAM,
          MediaTypeRegistry.APPLICATION_CBOR);

  /** In one message. */
  private static final int ACKS_MAX = 3;

  /** What a resource does with a message: the answer's payload, or empty if it is invalid. */
  private interface Take {
    Optional<byte[]> take(String gateway, byte[] message) throws LedgerException;
  }

  private final BackEnd backEnd;
  private final boolean secure;
  private final AtomicLong failures;

  CoapGateways(BackEnd backEnd, boolean secure, AtomicLong failures) {
    super("v1", true);
    this.backEnd = backEnd;
    this.secure = secure;
    this.failures = failures;
    getAttributes().addResourceType("verge.gateways");
  }

  @Override
  public @Nullable Resource getChild(String name) {
    return of(name);
  }

  /** The gateway of this name, or null if it can't be one or there are too many. */
  synchronized @Nullable Gateway of(String name) {
    if (super.getChild(name) instanceof Gateway known) {
      return known;
    }
    if (!Receiver.isGateway(name) || getChildren().size() >= GATEWAYS_MAX) {
      return null;
    }
    Gateway made = new Gateway(name);
    add(made);
    return made;
  }

  /**
   * Over DTLS everybody is who the handshake says, and may use that path only.
   *
   * @return false if the request was refused.
   */
  boolean admit(CoapExchange exchange, String gateway) {
    Principal peer = exchange.advanced().getRequest().getSourceContext().getPeerIdentity();
    if (!secure || gateway.equals(identity(peer))) {
      return true;
    }
    LOG.info("{} may not use the path of {}", peer, gateway);
    exchange.respond(ResponseCode.FORBIDDEN, "the path is another gateway's");
    return false;
  }

  static String identity(@Nullable Principal peer) {
    if (peer instanceof PreSharedKeyIdentity known) {
      return known.getIdentity();
    }
    String name =
        peer instanceof X509CertPath path ? CertPathUtil.getSubjectsCn(path.getTarget()) : null;
    return name == null ? "" : name;
  }

  /** A response has one payload: an ack, or an array of the last of them. */
  private static Optional<byte[]> asOne(List<byte[]> acks) {
    if (acks.size() < 2) {
      return acks.stream().findFirst();
    }
    return Optional.of(
        AckCodec.encodeAll(
            acks.subList(Math.max(0, acks.size() - ACKS_MAX), acks.size()).stream()
                .map(ack -> AckCodec.decode(ack).orThrow())
                .toList()));
  }

  /** One gateway's resources. */
  final class Gateway extends CoapResource {
    private final CoapCommands commands;

    Gateway(String name) {
      super(name, false);
      commands = new CoapCommands(exchange -> admit(exchange, name));
      add(
          new Inlet(
              "batch", Code.POST, name, (from, message) -> asOne(backEnd.batch(from, message))));
      add(
          new Inlet(
              "hello", Code.POST, name, (from, message) -> asOne(backEnd.hello(from, message))));
      add(
          new Inlet(
              "catalog",
              Code.PUT,
              name,
              (from, message) ->
                  backEnd.catalog(from, message) ? Optional.of(new byte[0]) : Optional.empty()));
      add(commands);
    }

    CoapCommands commands() {
      return commands;
    }
  }

  /** A resource that takes messages of one method. */
  private final class Inlet extends CoapResource {
    private final Code method;
    private final String gateway;
    private final Take take;

    Inlet(String name, Code method, String gateway, Take take) {
      super(name, true);
      this.method = method;
      this.gateway = gateway;
      this.take = take;
      getAttributes().addResourceType("verge." + name);
    }

    @Override
    public void handlePOST(CoapExchange exchange) {
      handle(exchange);
    }

    @Override
    public void handlePUT(CoapExchange exchange) {
      handle(exchange);
    }

    private void handle(CoapExchange exchange) {
      Request request = exchange.advanced().getRequest();
      if (request.getCode() != method) {
        exchange.respond(ResponseCode.METHOD_NOT_ALLOWED);
      } else if (!FORMATS.contains(request.getOptions().getContentFormat())) {
        exchange.respond(ResponseCode.UNSUPPORTED_CONTENT_FORMAT);
      } else if (admit(exchange, gateway)) {
        answer(exchange, request.getPayload());
      }
    }

    private void answer(CoapExchange exchange, byte[] message) {
      try {
        Optional<byte[]> answer = take.take(gateway, message);
        if (answer.isEmpty()) {
          exchange.respond(ResponseCode.BAD_REQUEST, "not a " + getName() + " of protocol v1");
        } else if (answer.get().length == 0) {
          exchange.respond(ResponseCode.CHANGED);
        } else {
          exchange.respond(
              ResponseCode.CHANGED, answer.get(), MediaTypeRegistry.APPLICATION_OCTET_STREAM);
        }
      } catch (LedgerException e) {
        if (failures.incrementAndGet() == 1) {
          LOG.error(
              "{} of {} not committed, later failures are only counted: {}",
              getName(),
              gateway,
              e.getMessage());
        }
        exchange.respond(ResponseCode.SERVICE_UNAVAILABLE, "not committed");
      }
    }
  }
}
