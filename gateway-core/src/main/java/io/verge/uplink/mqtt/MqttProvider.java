package io.verge.uplink.mqtt;

import io.verge.time.SystemTicker;
import io.verge.time.Ticker;
import io.verge.uplink.BrokerLink;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransportProvider;
import java.net.URI;
import java.util.List;

/** MQTT 5, plain ({@code mqtt}) and over TLS ({@code mqtts}). */
public final class MqttProvider implements UplinkTransportProvider {
  private static final int PORT = 1883;
  private static final int PORT_TLS = 8883;

  /** Hides short breaks from whoever watches the state; a reconnect within it cancels the will. */
  private static final long WILL_DELAY_SECONDS = 30;

  private final Ticker ticker;

  public MqttProvider() {
    this(new SystemTicker());
  }

  /**
   * @param ticker what the time for handshakes is taken from.
   */
  MqttProvider(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public List<String> schemes() {
    return List.of("mqtt", "mqtts");
  }

  @Override
  public UplinkTransport create(UplinkSettings settings, byte[] lastWill) {
    return new MqttConnection(
        settings, lastWill, defaultPort(settings.uri()), WILL_DELAY_SECONDS, ticker);
  }

  @Override
  public BrokerLink link(UplinkSettings settings, BrokerLink.Login login) {
    return new MqttConnection(settings, login, defaultPort(settings.uri()), ticker);
  }

  @Override
  public int defaultPort(URI uri) {
    return "mqtts".equals(uri.getScheme()) ? PORT_TLS : PORT;
  }

  /** Connections share nothing. */
  @Override
  public void close() {}
}
