package io.verge.uplink.coap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.californium.scandium.DTLSConnector;
import org.eclipse.californium.scandium.config.DtlsConnectorConfig;
import org.eclipse.californium.scandium.dtls.Handshaker;
import org.eclipse.californium.scandium.dtls.SessionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * DTLS connectors between two connections of an uplink: the next one begins with an abbreviated
 * handshake (RFC 5246, section 7.3), which costs neither certificates nor a key exchange. One whose
 * handshake failed is not kept, and the next reads its keys from their files again. Any thread.
 */
final class SecureSessions implements AutoCloseable {
  private final Map<String, Secure> kept = new HashMap<>();
  private boolean closed;

  /** The connector that rests under this name, with a socket to come; null: there is none. */
  synchronized @Nullable Secure take(String name, Traffic traffic) {
    Secure found = kept.remove(name);
    if (found != null) {
      found.traffic = traffic;
      found.forceResumeAllSessions();
    }
    return found;
  }

  Secure make(String name, DtlsConnectorConfig configuration, Traffic traffic) {
    return new Secure(name, configuration, traffic);
  }

  private synchronized boolean keep(String name, Secure connector) {
    return !closed && kept.putIfAbsent(name, connector) == null;
  }

  @Override
  public synchronized void close() {
    closed = true;
    kept.values().forEach(Secure::end);
    kept.clear();
  }

  /** A connector whose destruction by its endpoint is a rest. */
  final class Secure extends DTLSConnector {
    private final String name;
    private volatile Traffic traffic;
    private volatile boolean established;

    Secure(String name, DtlsConnectorConfig configuration, Traffic traffic) {
      super(configuration);
      this.name = name;
      this.traffic = traffic;
    }

    @Override
    protected void onInitializeHandshaker(Handshaker handshaker) {
      handshaker.addSessionListener(
          new SessionAdapter() {
            @Override
            public void handshakeCompleted(Handshaker of) {
              established = true;
            }

            @Override
            public void handshakeFailed(Handshaker of, Throwable error) {
              established = false;
            }
          });
    }

    /** Every connection has a port of its own, so that a late answer to the one before is none. */
    @Override
    protected void start(InetSocketAddress address) throws IOException {
      if (!isRunning()) {
        init(new InetSocketAddress(0), traffic.socket(), null);
      }
    }

    @Override
    public void destroy() {
      stop();
      if (!established || !keep(name, this)) {
        end();
      }
    }

    private void end() {
      super.destroy();
    }
  }
}
