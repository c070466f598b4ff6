package io.verge.uplink.mqtt;

import io.verge.time.Ticker;
import io.verge.uplink.BrokerLink;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Paho client for one connection. Paho keeps nothing and reconnects nothing: the store is the
 * queue, and the session decides when to try again. Callbacks only hand on; an exception in one
 * would make Paho lose the message.
 */
final class MqttConnection implements UplinkTransport, BrokerLink {
  private static final Logger LOG = LoggerFactory.getLogger(MqttConnection.class);

  /** PUBACK: taken, and thrown away, since nobody subscribes. */
  private static final int NO_SUBSCRIBERS = 0x10;

  /** Of a PUBLISH, beside topic and payload: header, lengths, packet id, properties. */
  private static final int PUBLISH_OVERHEAD = 16;

  private static final long QUIESCE_MS = 300;
  private static final long CLOSE_MS = 600;

  /** DISCONNECT: the will is to be published all the same (MQTT 5, table 3-10). */
  private static final int DISCONNECT_WITH_WILL = 0x04;

  private final UplinkSettings settings;
  private final byte[] lastWill;
  private final int defaultPort;
  private final long willDelaySeconds;
  private final Ticker ticker;
  private final String prefix;

  /** Of a codec with its own topics; null: protocol v1, or batches on one topic. */
  private final @Nullable Login login;

  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();

  /** What the broker says it takes, bytes a packet. */
  private volatile long packetMax = Long.MAX_VALUE;

  private volatile @Nullable Listener heard;
  private volatile @Nullable MqttAsyncClient client;

  MqttConnection(
      UplinkSettings settings,
      byte[] lastWill,
      int defaultPort,
      long willDelaySeconds,
      Ticker ticker) {
    this(settings, lastWill, null, defaultPort, willDelaySeconds, ticker);
  }

  MqttConnection(UplinkSettings settings, Login login, int defaultPort, Ticker ticker) {
    this(settings, new byte[0], login, defaultPort, 0, ticker);
  }

  private MqttConnection(
      UplinkSettings settings,
      byte[] lastWill,
      @Nullable Login login,
      int defaultPort,
      long willDelaySeconds,
      Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.login = login;
    this.lastWill = lastWill.clone();
    this.defaultPort = defaultPort;
    this.willDelaySeconds = willDelaySeconds;
    this.prefix = "verge/v1/" + settings.gateway() + "/";
  }

  @Override
  public void open(Listener listener) {
    int port = settings.uri().getPort() < 0 ? defaultPort : settings.uri().getPort();
    try {
      MqttAsyncClient fresh =
          new MqttAsyncClient(
              "tcp://" + settings.uri().getHost() + ":" + port,
              login == null
                  ? "verge-" + settings.gateway() + "-" + settings.name()
                  : login.client(),
              new MemoryPersistence());
      client = fresh;
      fresh.setCallback(new Hearing(listener));
      fresh.connect(options(port), null, new Connecting(fresh, listener));
    } catch (MqttException | IOException e) {
      end(listener, String.valueOf(e.getMessage()), e instanceof IOException);
    }
  }

  private MqttConnectionOptions options(int port) throws IOException {
    MqttConnectionOptions options = Options.of(settings, sockets(port));
    if (login != null) {
      Options.identify(options, login);
    } else if (settings.codec() == UplinkSettings.Codec.VERGE) {
      Options.will(options, prefix + "state", lastWill, willDelaySeconds);
    }
    return options;
  }

  private SocketFactory sockets(int port) throws IOException {
    boolean secure = "mqtts".equals(settings.uri().getScheme());
    return LineSocket.factory(
        settings, settings.uri().getHost(), port, secure, sent, received, ticker);
  }

  private void end(Listener listener, String why, boolean refused) {
    if (ended.compareAndSet(false, true)) {
      listener.down(why, refused);
    }
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    boolean retained = kind == Kind.CATALOG || kind == Kind.STATE;
    publish(topic(kind), 1, retained, new Sending(kind, token, true), message);
  }

  @Override
  public void sendLightly(long token, byte[] batch) {
    publish(topic(Kind.BATCH), 0, false, new Sending(Kind.BATCH, token, false), batch);
  }

  @Override
  public void publish(String topic, int qos, long token, byte[] payload) {
    publish(topic, qos, false, new Sending(Kind.BATCH, token, true), payload);
  }

  private void publish(String topic, int qos, boolean retained, Sending sending, byte[] payload) {
    MqttAsyncClient now = client;
    if (now == null) {
      sending.fail("not connected");
      return;
    }
    if (payload.length + topic.length() + PUBLISH_OVERHEAD > packetMax) {
      sending.reject(payload.length + " bytes, and the broker takes " + packetMax);
      return;
    }
    try {
      now.publish(topic, payload, qos, retained, null, sending);
    } catch (MqttException e) {
      sending.fail(Reasons.words(e));
    }
  }

  /** The first topic subscribed to again: its SUBACK comes after all that went before. */
  @Override
  public void barrier(long token) {
    MqttAsyncClient now = client;
    Sending sending = new Sending(Kind.STATE, token, true);
    if (now == null || login == null) {
      sending.fail("not connected");
      return;
    }
    try {
      now.subscribe(login.topics().get(0), 1, null, sending);
    } catch (MqttException e) {
      sending.fail(Reasons.words(e));
    }
  }

  private String topic(Kind kind) {
    if (kind == Kind.BATCH && settings.codec() != UplinkSettings.Codec.VERGE) {
      return settings.topic() == null ? prefix + settings.codec().word() : settings.topic();
    }
    return prefix + kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The fate of one published message. Paho may tell it more than once; the first counts. */
  private final class Sending implements MqttActionListener {
    private final Kind kind;
    private final long token;
    private final boolean tellsTaken;
    private final AtomicBoolean told = new AtomicBoolean();

    /**
     * @param tellsTaken false: that it was written to the socket is no news.
     */
    Sending(Kind kind, long token, boolean tellsTaken) {
      this.kind = kind;
      this.token = token;
      this.tellsTaken = tellsTaken;
    }

    /** Paho takes every PUBACK for success, whatever its reason. */
    @Override
    public void onSuccess(IMqttToken done) {
      int reason = Reasons.worst(done);
      if (Reasons.isFailure(reason)) {
        String why = "refused by the broker (" + reason + ")";
        if (Reasons.isOfMessage(reason)) {
          reject(why);
        } else {
          fail(why);
        }
        return;
      }
      if (reason == NO_SUBSCRIBERS && kind == Kind.BATCH && settings.ackByBroker()) {
        fail("nobody subscribes to it");
        return;
      }
      Listener listener = heard;
      if (listener != null && tellsTaken && told.compareAndSet(false, true)) {
        listener.taken(token);
      }
    }

    @Override
    public void onFailure(IMqttToken failed, Throwable failure) {
      fail(Reasons.words(failure));
    }

    /** It is this message that can't go; the connection is good. */
    void reject(String why) {
      Listener listener = heard;
      if (listener != null && told.compareAndSet(false, true)) {
        listener.rejected(token, why);
      }
    }

    void fail(String why) {
      Listener listener = heard;
      if (listener != null && told.compareAndSet(false, true)) {
        listener.failed(token, why);
      }
    }
  }

  /** Connect, then subscribe, then up. */
  private final class Connecting implements MqttActionListener {
    private final MqttAsyncClient fresh;
    private final Listener listener;

    Connecting(MqttAsyncClient fresh, Listener listener) {
      this.fresh = fresh;
      this.listener = listener;
    }

    @Override
    public void onSuccess(IMqttToken connected) {
      heard = listener;
      MqttProperties said = connected.getResponseProperties();
      if (said != null && said.getMaximumPacketSize() != null) {
        packetMax = said.getMaximumPacketSize();
      }
      if (login == null && settings.codec() != UplinkSettings.Codec.VERGE) {
        listener.up();
        return;
      }
      String[] topics =
          login == null
              ? new String[] {prefix + "ack", prefix + "command"}
              : login.topics().toArray(new String[0]);
      int[] qos = new int[topics.length];
      Arrays.fill(qos, 1);
      qos[0] = login == null ? 0 : 1;
      try {
        fresh.subscribe(
            topics,
            qos,
            null,
            new MqttActionListener() {
              @Override
              public void onSuccess(IMqttToken subscribed) {
                int reason = Reasons.worst(subscribed);
                if (Reasons.isFailure(reason)) {
                  end(listener, "may not subscribe (" + reason + ")", true);
                } else {
                  listener.up();
                }
              }

              @Override
              public void onFailure(IMqttToken failed, Throwable failure) {
                end(
                    listener,
                    "cannot subscribe: " + Reasons.words(failure),
                    Reasons.isRefusal(failure));
              }
            });
      } catch (MqttException e) {
        end(listener, "cannot subscribe: " + Reasons.words(e), Reasons.isRefusal(e));
      }
    }

    @Override
    public void onFailure(IMqttToken failed, Throwable failure) {
      end(listener, Reasons.words(failure), Reasons.isRefusal(failure));
    }
  }

  /** What arrives. */
  private final class Hearing implements MqttCallback {
    private final Listener listener;

    Hearing(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      MqttException failure = response.getException();
      int reason = response.getReturnCode();
      end(
          listener,
          failure == null && reason > 0
              ? "disconnected by the broker (" + reason + ")"
              : Reasons.words(failure),
          Reasons.isRefusal(failure) || Reasons.isRefusal(reason));
    }

    @Override
    public void mqttErrorOccurred(MqttException failure) {
      LOG.debug("uplink {}: {}", settings.name(), Reasons.words(failure));
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
      if (login != null) {
        listener.message(topic, message.getPayload());
      } else if (topic.equals(prefix + "ack")) {
        listener.ack(message.getPayload());
      } else if (topic.equals(prefix + "command")) {
        listener.command(message.getPayload());
      } else {
        listener.foreign(topic, message.getPayload().length);
      }
    }

    @Override
    public void deliveryComplete(IMqttToken delivered) {}

    @Override
    public void connectComplete(boolean reconnect, String server) {}

    @Override
    public void authPacketArrived(int reason, MqttProperties properties) {
      LOG.debug("uplink {}: AUTH {}", settings.name(), reason);
    }
  }

  @Override
  public long[] byteCounts() {
    return new long[] {sent.get(), received.get()};
  }

  @Override
  public void close() {
    ended.set(true);
    heard = null;
    MqttAsyncClient old = client;
    client = null;
    if (old == null) {
      return;
    }
    try {
      if (old.isConnected()) {
        int reason = login != null && login.will() != null ? DISCONNECT_WITH_WILL : 0;
        old.disconnect(QUIESCE_MS, null, null, reason, new MqttProperties())
            .waitForCompletion(CLOSE_MS);
      }
    } catch (MqttException e) {
      LOG.debug("uplink {}: disconnect: {}", settings.name(), Reasons.words(e));
    }
    try {
      old.disconnectForcibly(0, 0, false);
    } catch (MqttException e) {
      LOG.debug("uplink {}: forced disconnect: {}", settings.name(), Reasons.words(e));
    }
    try {
      old.close(true);
    } catch (MqttException e) {
      LOG.debug("uplink {}: close: {}", settings.name(), Reasons.words(e));
    }
  }
}
