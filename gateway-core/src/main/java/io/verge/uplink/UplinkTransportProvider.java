package io.verge.uplink;

import java.net.URI;
import java.util.List;

/** Makes connections for some URI schemes ({@code mqtt mqtts}, {@code coap coaps}, …). */
public interface UplinkTransportProvider extends AutoCloseable {
  List<String> schemes();

  /**
   * A connection not yet opened.
   *
   * @param lastWill the state message others get when the connection is lost, where the transport
   *     can do that.
   */
  UplinkTransport create(UplinkSettings settings, byte[] lastWill);

  /**
   * A connection not yet opened, for a codec with topics of its own.
   *
   * @throws UnsupportedOperationException if there is no broker at the other end.
   */
  default BrokerLink link(UplinkSettings settings, BrokerLink.Login login) {
    throw new UnsupportedOperationException(settings.uri() + " has no topics");
  }

  /** Ends what connections share. */
  @Override
  void close();

  /** The default port of a scheme of this provider. */
  int defaultPort(URI uri);
}
