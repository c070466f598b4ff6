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

  /** Ends what connections share. */
  @Override
  void close();

  /** The default port of a scheme of this provider. */
  int defaultPort(URI uri);
}
