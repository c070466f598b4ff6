package io.verge.simulator.fleet;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransportProvider;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Connections of all gateways over one loop. */
final class FleetProvider implements UplinkTransportProvider {
  private static final int PORT = 1883;

  private final Loop loop;
  private final FleetFigures figures;
  private final String password;

  /**
   * @param password of every gateway, whose user is its id; empty: they do not sign in.
   */
  FleetProvider(FleetFigures figures, String password) throws IOException {
    this.loop = new Loop();
    this.figures = figures;
    this.password = password;
  }

  @Override
  public List<String> schemes() {
    return List.of("mqtt");
  }

  @Override
  public UplinkTransport create(UplinkSettings settings, byte[] lastWill) {
    String user = password.isEmpty() ? "" : settings.gateway();
    return new MqttLink(settings, lastWill, loop, figures, user, password);
  }

  @Override
  public int defaultPort(URI uri) {
    return PORT;
  }

  @Override
  public void close() {
    try {
      loop.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
