package io.verge.uplink.mqtt;

import io.verge.uplink.BrokerLink;
import io.verge.uplink.Tls;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
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

  /** Bad user or password, not authorised, banned, client id refused (MQTT 5, table 3-1). */
  private static final Set<Integer> REFUSALS = Set.of(0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C);

  /** PUBACK and SUBACK: from here on a reason is a refusal (MQTT 5, section 2.4). */
  private static final int FAILURE_FROM = 0x80;

  /** PUBACK: taken, and thrown away, since nobody subscribes. */
  private static final int NO_SUBSCRIBERS = 0x10;

  private static final int KEEP_ALIVE_SECONDS_MIN = 5;

  /** Two bytes in CONNECT. */
  private static final int KEEP_ALIVE_SECONDS_MAX = 65_535;

  private static final int CONNECT_SECONDS = 20;
  private static final long SESSION_SECONDS = 86_400;
  private static final int RECEIVE_MAXIMUM = 16;
  private static final long PACKET_MAX = 64L * 1024;
  private static final long QUIESCE_MS = 300;
  private static final long CLOSE_MS = 600;

  /** DISCONNECT: the will is to be published all the same (MQTT 5, table 3-10). */
  private static final int DISCONNECT_WITH_WILL = 0x04;

  private final UplinkSettings settings;
  private final byte[] lastWill;
  private final int defaultPort;
  private final long willDelaySeconds;
  private final String prefix;

  /** Of a codec with its own topics; null: protocol v1, or batches on one topic. */
  private final @Nullable Login login;

  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable Listener heard;
  private volatile @Nullable MqttAsyncClient client;

  MqttConnection(UplinkSettings settings, byte[] lastWill, int defaultPort, long willDelaySeconds) {
    this(settings, lastWill, null, defaultPort, willDelaySeconds);
  }

  MqttConnection(UplinkSettings settings, Login login, int defaultPort) {
    this(settings, new byte[0], login, defaultPort, 0);
  }

  private MqttConnection(
      UplinkSettings settings,
      byte[] lastWill,
      @Nullable Login login,
      int defaultPort,
      long willDelaySeconds) {
    this.settings = settings;
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
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    // Commands wait at the broker for a gateway that is away; other codecs have their own ways.
    boolean hasCommands = login == null && settings.codec() == UplinkSettings.Codec.VERGE;
    options.setCleanStart(!hasCommands);
    options.setSessionExpiryInterval(hasCommands ? SESSION_SECONDS : 0L);
    options.setConnectionTimeout(CONNECT_SECONDS);
    options.setKeepAliveInterval(
        (int)
            Math.min(
                KEEP_ALIVE_SECONDS_MAX,
                Math.max(KEEP_ALIVE_SECONDS_MIN, settings.keepAliveMs() / 1000)));
    options.setReceiveMaximum(RECEIVE_MAXIMUM);
    options.setMaximumPacketSize(PACKET_MAX);
    options.setSocketFactory(sockets(port));
    if (settings.user() != null) {
      options.setUserName(settings.user());
    }
    if (settings.passwordFile() != null) {
      options.setPassword(Tls.secret(settings.passwordFile()).getBytes(StandardCharsets.UTF_8));
    }
    if (login != null) {
      identify(options, login);
      return options;
    }
    if (settings.codec() != UplinkSettings.Codec.VERGE) {
      return options;
    }
    MqttMessage will = new MqttMessage(lastWill, 1, true, new MqttProperties());
    MqttProperties delay = new MqttProperties();
    delay.setWillDelayInterval(willDelaySeconds);
    options.setWill(prefix + "state", will);
    options.setWillMessageProperties(delay);
    return options;
  }

  private static void identify(MqttConnectionOptions options, Login login) {
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

  private SocketFactory sockets(int port) throws IOException {
    return "mqtts".equals(settings.uri().getScheme())
        ? new SecureSockets(
            Tls.context(settings.ca(), settings.certificate(), settings.key()),
            settings.uri().getHost(),
            port,
            new Route(settings.line()),
            sent,
            received)
        : new CountingSocketFactory(new Route(settings.line()), sent, received);
  }

  private void end(Listener listener, String why, boolean refused) {
    if (ended.compareAndSet(false, true)) {
      listener.down(why, refused);
    }
  }

  /**
   * A certificate that is not believed, ours or theirs, is a refusal; a handshake cut short is a
   * bad link.
   */
  private static boolean isRefused(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof GeneralSecurityException
          || cause instanceof SSLException
              && String.valueOf(cause.getMessage()).contains("fatal alert")
          || cause instanceof MqttException mqtt && REFUSALS.contains(mqtt.getReasonCode())) {
        return true;
      }
    }
    return false;
  }

  /** The worst reason that an answer gives. */
  private static int reason(IMqttToken answered) {
    int[] reasons = answered.getReasonCodes();
    return reasons == null ? 0 : IntStream.of(reasons).max().orElse(0);
  }

  private static String words(@Nullable Throwable failure) {
    if (failure == null) {
      return "connection lost";
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return failure instanceof MqttException mqtt && mqtt.getReasonCode() > 0
        ? text + " (" + mqtt.getReasonCode() + ")"
        : text;
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    boolean retained = kind == Kind.CATALOG || kind == Kind.STATE;
    publish(topic(kind), 1, retained, new Sending(kind, token), message);
  }

  @Override
  public void publish(String topic, int qos, long token, byte[] payload) {
    publish(topic, qos, false, new Sending(Kind.BATCH, token), payload);
  }

  private void publish(String topic, int qos, boolean retained, Sending sending, byte[] payload) {
    MqttAsyncClient now = client;
    if (now == null) {
      sending.fail("not connected");
      return;
    }
    try {
      now.publish(topic, payload, qos, retained, null, sending);
    } catch (MqttException e) {
      sending.fail(words(e));
    }
  }

  /** The first topic subscribed to again: its SUBACK comes after all that went before. */
  @Override
  public void barrier(long token) {
    MqttAsyncClient now = client;
    Sending sending = new Sending(Kind.STATE, token);
    if (now == null || login == null) {
      sending.fail("not connected");
      return;
    }
    try {
      now.subscribe(login.topics().get(0), 1, null, sending);
    } catch (MqttException e) {
      sending.fail(words(e));
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
    private final AtomicBoolean told = new AtomicBoolean();

    Sending(Kind kind, long token) {
      this.kind = kind;
      this.token = token;
    }

    /** Paho takes every PUBACK for success, whatever its reason. */
    @Override
    public void onSuccess(IMqttToken done) {
      int reason = reason(done);
      if (reason >= FAILURE_FROM) {
        fail("refused by the broker (" + reason + ")");
        return;
      }
      if (reason == NO_SUBSCRIBERS && kind == Kind.BATCH && settings.ackByBroker()) {
        fail("nobody subscribes to it");
        return;
      }
      Listener listener = heard;
      if (listener != null && told.compareAndSet(false, true)) {
        listener.taken(token);
      }
    }

    @Override
    public void onFailure(IMqttToken failed, Throwable failure) {
      fail(words(failure));
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
                int reason = reason(subscribed);
                if (reason >= FAILURE_FROM) {
                  end(listener, "may not subscribe (" + reason + ")", true);
                } else {
                  listener.up();
                }
              }

              @Override
              public void onFailure(IMqttToken failed, Throwable failure) {
                end(listener, "cannot subscribe: " + words(failure), isRefused(failure));
              }
            });
      } catch (MqttException e) {
        end(listener, "cannot subscribe: " + words(e), isRefused(e));
      }
    }

    @Override
    public void onFailure(IMqttToken failed, Throwable failure) {
      end(listener, words(failure), isRefused(failure));
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
              : words(failure),
          isRefused(failure) || REFUSALS.contains(reason));
    }

    @Override
    public void mqttErrorOccurred(MqttException failure) {
      LOG.debug("uplink {}: {}", settings.name(), words(failure));
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
      LOG.debug("uplink {}: disconnect: {}", settings.name(), words(e));
    }
    try {
      old.disconnectForcibly(0, 0, false);
    } catch (MqttException e) {
      LOG.debug("uplink {}: forced disconnect: {}", settings.name(), words(e));
    }
    try {
      old.close(true);
    } catch (MqttException e) {
      LOG.debug("uplink {}: close: {}", settings.name(), words(e));
    }
  }
}
