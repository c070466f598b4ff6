package io.verge.simulator.sparkplug;

import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.tahu.protobuf.SparkplugBProto.DataType;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload;

/**
 * A primary host of one group: says its STATE, keeps births, checks sequence numbers and aliases,
 * asks for a rebirth where they break, and counts every reading once. Any thread.
 */
public final class SparkplugHost implements AutoCloseable, MqttCallback {
  private static final String NAMESPACE = "spBv1.0/";
  private static final String REBIRTH = "Node Control/Rebirth";
  private static final long PATIENCE_MS = 20_000;
  private static final int SEQ_MOD = 256;

  private final MqttAsyncClient client;
  private final String group;
  private final String state;
  private final Map<Long, String> names = new HashMap<>();
  private final Map<String, Long> aliases = new HashMap<>();
  private final Map<String, Payload.Metric> current = new HashMap<>();
  private final Set<String> devices = new HashSet<>();
  private final Set<String> heard = new HashSet<>();
  private long seq = -1;
  private long births;
  private long deaths;
  private long messages;
  private long repeated;
  private long historical;
  private long empty;
  private long breaks;
  private long strange;
  private long rebirths;

  /**
   * Connects, subscribes, and is online.
   *
   * @param host name of the host application.
   * @throws MqttException if the broker does not let it.
   */
  public SparkplugHost(String address, int port, String group, String host) throws MqttException {
    this.group = group;
    this.state = NAMESPACE + "STATE/" + host;
    this.client =
        new MqttAsyncClient(
            "tcp://" + address + ":" + port, "host-" + host, new MemoryPersistence());
    client.setCallback(this);
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setWill(state, new MqttMessage(online(false), 1, true, new MqttProperties()));
    client.connect(options).waitForCompletion(PATIENCE_MS);
    client.subscribe(NAMESPACE + group + "/#", 1).waitForCompletion(PATIENCE_MS);
    say(true);
  }

  private static byte[] online(boolean is) {
    return ("{\"online\":" + is + ",\"timestamp\":" + System.currentTimeMillis() + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Says whether it is there. */
  public void say(boolean online) throws MqttException {
    client.publish(state, online(online), 1, true).waitForCompletion(PATIENCE_MS);
  }

  /** Asks a node for its births. */
  public void askRebirth(String node) throws MqttException {
    command("NCMD/" + node, Payload.Metric.newBuilder().setName(REBIRTH).setBooleanValue(true));
  }

  /** Writes a metric of a device by its alias. */
  public void write(String node, String device, String metric, long value) throws MqttException {
    long alias;
    synchronized (this) {
      alias = aliases.getOrDefault(device + "/" + metric, -1L);
    }
    if (alias < 0) {
      throw new IllegalArgumentException(device + "/" + metric + " was not born");
    }
    command(
        "DCMD/" + node + "/" + device,
        Payload.Metric.newBuilder().setAlias(alias).setLongValue(value));
  }

  private void command(String to, Payload.Metric.Builder metric) throws MqttException {
    long now = System.currentTimeMillis();
    Payload payload =
        Payload.newBuilder().setTimestamp(now).addMetrics(metric.setTimestamp(now)).build();
    client.publish(NAMESPACE + group + "/" + to, payload.toByteArray(), 0, false);
  }

  public synchronized HostReport report() {
    return new HostReport(
        births,
        devices.size(),
        deaths,
        messages,
        heard.size(),
        repeated,
        historical,
        empty,
        breaks,
        strange,
        rebirths);
  }

  /** The newest value told as current, as text; empty if there is none. */
  public synchronized String value(String device, String metric) {
    Payload.Metric known = current.get(device + "/" + metric);
    return known == null || known.getIsNull()
        ? ""
        : known.hasDoubleValue() ? "" + known.getDoubleValue() : "" + known.getLongValue();
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) throws MqttException {
    String[] levels = topic.split("/", -1);
    if (levels.length < 4) {
      return;
    }
    try {
      boolean whole = heard(levels, Payload.parseFrom(message.getPayload()));
      if (!whole) {
        askRebirth(levels[3]);
      }
    } catch (InvalidProtocolBufferException e) {
      synchronized (this) {
        strange++;
      }
    }
  }

  private synchronized boolean heard(String[] levels, Payload payload) {
    String device = levels.length > 4 ? levels[4] : "";
    switch (levels[2]) {
      case "NBIRTH" -> {
        births++;
        seq = payload.getSeq();
        devices.clear();
        names.clear();
        aliases.clear();
        born(device, payload);
        return true;
      }
      case "NDEATH" -> {
        deaths++;
        seq = -1;
        return true;
      }
      case "DBIRTH" -> {
        devices.add(device);
        born(device, payload);
        return follows(payload);
      }
      case "NDATA", "DDATA" -> {
        messages++;
        boolean known = data(device, payload);
        return follows(payload) && known;
      }
      default -> {
        return true;
      }
    }
  }

  private boolean follows(Payload payload) {
    boolean follows = seq >= 0 && payload.hasSeq() && payload.getSeq() == (seq + 1) % SEQ_MOD;
    seq = payload.getSeq();
    if (!follows) {
      breaks++;
      rebirths++;
    }
    return follows;
  }

  private void born(String device, Payload payload) {
    for (Payload.Metric metric : payload.getMetricsList()) {
      if (!metric.hasName() || !metric.hasDatatype()) {
        strange++;
      } else if (metric.hasAlias()) {
        names.put(metric.getAlias(), device + "/" + metric.getName());
        aliases.put(device + "/" + metric.getName(), metric.getAlias());
        current.put(device + "/" + metric.getName(), metric);
        boolean typed =
            metric.getDatatype() == DataType.Int64_VALUE
                || metric.getDatatype() == DataType.Double_VALUE
                || metric.getDatatype() == DataType.String_VALUE;
        strange += typed ? 0 : 1;
      }
    }
  }

  private boolean data(String device, Payload payload) {
    boolean known = true;
    for (Payload.Metric metric : payload.getMetricsList()) {
      String name = names.get(metric.getAlias());
      if (name == null || metric.hasName() || !name.startsWith(device + "/")) {
        strange++;
        known = false;
        continue;
      }
      historical += metric.getIsHistorical() && !device.isEmpty() ? 1 : 0;
      empty += metric.getIsNull() ? 1 : 0;
      if (!device.isEmpty() && !heard.add(name + "@" + metric.getTimestamp())) {
        repeated++;
      }
      if (!metric.getIsHistorical()) {
        current.put(name, metric);
      }
    }
    return known;
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {}

  @Override
  public void mqttErrorOccurred(MqttException failure) {}

  @Override
  public void deliveryComplete(IMqttToken token) {}

  @Override
  public void connectComplete(boolean reconnect, String server) {}

  @Override
  public void authPacketArrived(int reason, MqttProperties properties) {}

  @Override
  public void close() throws MqttException {
    if (client.isConnected()) {
      say(false);
      client.disconnect().waitForCompletion(PATIENCE_MS);
    }
    client.close(true);
  }
}
