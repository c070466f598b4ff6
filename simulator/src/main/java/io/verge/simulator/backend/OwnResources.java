package io.verge.simulator.backend;

import java.util.List;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.LinkFormat;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.eclipse.californium.core.server.resources.DiscoveryResource;
import org.eclipse.californium.core.server.resources.Resource;

/** {@code /.well-known/core} over DTLS: a gateway sees its own resources and nobody else's. */
final class OwnResources extends DiscoveryResource {
  private final Resource root;

  OwnResources(Resource root) {
    super(root);
    this.root = root;
  }

  @Override
  public void handleGET(CoapExchange exchange) {
    String gateway =
        CoapGateways.identity(
            exchange.advanced().getRequest().getSourceContext().getPeerIdentity());
    Resource version = root.getChild("verge").getChild("v1");
    Resource own = gateway.isEmpty() ? null : version.getChild(gateway);
    if (own == null) {
      exchange.respond(ResponseCode.FORBIDDEN, "no gateway by that name");
      return;
    }
    StringBuilder links = new StringBuilder();
    List<String> queries = exchange.getRequestOptions().getUriQuery();
    for (Resource each : own.getChildren()) {
      if (LinkFormat.matches(each, queries)) {
        links.append(links.isEmpty() ? "" : ",").append(link(each));
      }
    }
    exchange.respond(
        ResponseCode.CONTENT, links.toString(), MediaTypeRegistry.APPLICATION_LINK_FORMAT);
  }

  private static String link(Resource of) {
    String link = LinkFormat.serializeResource(of).toString();
    return link.endsWith(",") ? link.substring(0, link.length() - 1) : link;
  }
}
