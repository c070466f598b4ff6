package io.verge.uplink.mqtt;

import io.verge.uplink.BrokerLink;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** What a CONNECT says: no session, no reconnecting, limits on what the broker may send. */
final class Options {
  private static final int KEEP_ALIVE_SECONDS_MIN = 5;

  /** Two bytes in CONNECT. */
  private static final int KEEP_ALIVE_SECONDS_MAX = 65_535;

  private static final int CONNECT_SECONDS = 20;
  private static final long SESSION_SECONDS = 86_400;
  private static final int RECEIVE_MAXIMUM = 16;

  /** Bytes of a packet from the broker. */
  static final int PACKET_MAX = 64 * 1024;

  private Options() {}

  /**
   * @throws IOException if a secret can't be read.
   */
  static MqttConnectionOptions of(UplinkSettings settings, SocketFactory sockets)
      throws IOException {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    // Commands wait at the broker for a gateway that is away; other codecs have their own ways.
    boolean hasCommands = settings.codec() == UplinkSettings.Codec.VERGE;
    options.setCleanStart(!hasCommands);
    options.setSessionExpiryInterval(hasCommands ? SESSION_SECONDS : 0L);
    options.setConnectionTimeout(CONNECT_SECONDS);
    options.setKeepAliveInterval(
        (int)
            Math.min(
                KEEP_ALIVE_SECONDS_MAX,
                Math.max(KEEP_ALIVE_SECONDS_MIN, settings.keepAliveMs() / 1000)));
    options.setReceiveMaximum(RECEIVE_MAXIMUM);
    options.setMaximumPacketSize((long) PACKET_MAX);
    options.setTopicAliasMaximum(AliasedInput.ALIASES_MAX);
    options.setSocketFactory(sockets);
    if (settings.user() != null) {
      options.setUserName(settings.user());
    }
    if (settings.passwordFile() != null) {
      options.setPassword(Tls.secret(settings.passwordFile()).getBytes(StandardCharsets.UTF_8));
    }
    return options;
  }

  /** What a codec with its own topics logs in with. */
  static void identify(MqttConnectionOptions options, BrokerLink.Login login) {
    if (login.user() != null) {
      options.setUserName(login.user());
    }
    if (login.password() != null) {
      options.setPassword(login.password());
    }
    if (login.will() != null) {
      options.setWill(
          login.will().topic(),
          new MqttMessage(login.will().payload(), 1, false, new MqttProperties()));
    }
  }

  /** Protocol v1: the retained state of a gateway that went without a word. */
  static void will(MqttConnectionOptions options, String topic, byte[] message, long delaySeconds) {
    MqttProperties delay = new MqttProperties();
    delay.setWillDelayInterval(delaySeconds);
    options.setWill(topic, new MqttMessage(message, 1, true, new MqttProperties()));
    options.setWillMessageProperties(delay);
  }
}
