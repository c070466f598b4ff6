package io.verge.uplink.coap;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport.Kind;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Locale;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.elements.AddressEndpointContext;
import org.eclipse.californium.elements.EndpointContext;
import org.jspecify.annotations.Nullable;

/** The requests of protocol v1 for one gateway and one server. */
final class Requests {
  private final EndpointContext server;
  private final URI base;

  Requests(UplinkSettings settings, InetSocketAddress server) {
    this.server = new AddressEndpointContext(server);
    this.base =
        URI.create(
            settings.uri().getScheme()
                + "://"
                + settings.uri().getHost()
                + ":"
                + server.getPort()
                + "/verge/v1/"
                + settings.gateway()
                + "/");
  }

  private Request to(Code code, String resource) {
    Request request = new Request(code, Type.CON);
    request.setDestinationContext(server);
    request.setURI(base.resolve(resource));
    return request;
  }

  Request carry(Code code, Kind kind, byte[] message) {
    Request request = to(code, kind.name().toLowerCase(Locale.ROOT));
    request.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_OCTET_STREAM);
    request.setPayload(message);
    return request;
  }

  /**
   * Begins or renews the observation of commands (RFC 7641, section 3.3.1).
   *
   * @param token of the observation to renew; null: a new one.
   */
  Request observe(@Nullable Token token) {
    Request request = to(Code.GET, "command");
    if (token != null) {
      request.setToken(token);
    }
    return request.setObserve();
  }
}
