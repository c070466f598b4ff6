package io.verge.simulator.demo;

import com.google.gson.Gson;
import io.verge.bytes.Decoded;
import io.verge.bytes.Hex;
import io.verge.model.Command;
import io.verge.simulator.backend.CoapFront;
import io.verge.simulator.backend.CoapFrontSettings;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.MqttClientFront;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code verge simulate backend}. */
@CommandLine.Command(
    name = "backend",
    description =
        "A back end: stores every reading once, acks, and proves that nothing is missing.",
    footer = {
      "",
      "Example: verge simulate backend --mqtt-port 1883 --ledger city.db",
      "         verge simulate backend --coap-port 5684 --ledger city.db"
          + " --psk-identity gw-demo --psk-file psk",
      "         verge simulate backend --mqtt-port 8883 --ledger city.db --tls-certificate city.pem"
          + " --tls-key city.key --user gw-demo --password-file password",
      "         verge simulate backend --ledger city.db --report"
    },
    mixinStandardHelpOptions = true)
final class SimulateBackendCommand implements Callable<Integer> {
  private static final Pattern LAMP = Pattern.compile("([a-z0-9._-]{1,40})=([0-9]{1,3})%?");

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--ledger",
      required = true,
      description =
          "SQLite file of what was received, or jdbc:postgresql://HOST/DATABASE?user=NAME with its"
              + " driver on the class path")
  private String ledger = "";

  @Option(names = "--mqtt-port", defaultValue = "1883", description = "of the embedded broker")
  private int mqttPort;

  @Option(names = "--broker", description = "use this broker instead, for example mqtt://host:1883")
  private @Nullable URI broker;

  @Option(names = "--coap-port", description = "serve CoAP there instead of MQTT")
  private @Nullable Integer coapPort;

  @Option(names = "--psk-identity", description = "of the gateway: CoAP over DTLS only")
  private @Nullable String pskIdentity;

  @Option(names = "--psk-file", description = "its key, 32 to 128 hexadecimal digits")
  private @Nullable Path pskFile;

  @Option(names = "--report", description = "print the reconciliation of the ledger, and end")
  private boolean report;

  @Option(names = "--json", description = "the report as JSON")
  private boolean json;

  @Option(
      names = "--lamp",
      paramLabel = "ASSET=LEVEL",
      description = "sends a set-level command at each hello, for example lamp-17=40%%")
  private @Nullable String lamp;

  @Option(
      names = "--command",
      paramLabel = "FILE",
      description =
          "sends this command at each hello, {\"id\":\"c-1\",\"target\":\"gateway\",\"op\":\"update\","
              + "\"args\":{}}; a gateway does once what has the same id")
  private @Nullable Path order;

  @Mixin private BrokerOptions door = new BrokerOptions();

  @Override
  public Integer call() throws LedgerException, IOException, MqttException, InterruptedException {
    try (Ledger book = Ledger.open(ledger, Ledger.Durability.FULL)) {
      if (report) {
        Report found = book.report();
        System.out.println(json ? new Gson().toJson(found.json()) : found.table());
        return found.isWhole() ? 0 : 1;
      }
      Receiver receiver = new Receiver(book, System::currentTimeMillis);
      serve(receiver);
    }
    return 0;
  }

  private void serve(Receiver receiver) throws IOException, MqttException, InterruptedException {
    Integer coap = coapPort;
    if (coap != null) {
      try (CoapFront front = new CoapFront(coapSettings(coap), receiver)) {
        commanding(receiver, front::command);
        System.err.println(
            "verge: the back end listens at "
                + (pskFile == null ? "coap" : "coaps")
                + "://127.0.0.1:"
                + front.port());
        new CountDownLatch(1).await();
      }
      return;
    }
    URI external = broker;
    if (external != null) {
      try (MqttClientFront front = new MqttClientFront(external, receiver)) {
        commanding(receiver, front.front()::command);
        System.err.println("verge: the back end listens at " + external);
        new CountDownLatch(1).await();
      }
      return;
    }
    try (Broker own = new Broker(settings()).start()) {
      commanding(receiver, MqttFront.on(own, receiver)::command);
      System.err.println(
          "verge: the back end listens at " + door.scheme() + "://127.0.0.1:" + own.port());
      new CountDownLatch(1).await();
    }
  }

  private BrokerSettings settings() throws IOException {
    try {
      return door.settings(mqttPort);
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private CoapFrontSettings coapSettings(int port) throws IOException {
    String identity = pskIdentity;
    Path file = pskFile;
    if (identity == null && file == null) {
      return CoapFrontSettings.plain(port);
    }
    if (identity == null || file == null) {
      throw usage("--psk-identity and --psk-file go together");
    }
    Decoded<byte[]> key = Hex.parse(Tls.secret(file));
    if (key instanceof Decoded.Valid<byte[]> valid && valid.value().length > 0) {
      return CoapFrontSettings.psk(port, identity, valid.value());
    }
    throw usage("--psk-file " + file + ": expected hexadecimal digits, as openssl rand -hex 32");
  }

  private ParameterException usage(String why) {
    return new ParameterException(java.util.Objects.requireNonNull(spec).commandLine(), why);
  }

  private void commanding(Receiver receiver, BiConsumer<String, Command> front) throws IOException {
    Path file = order;
    if (file != null && lamp != null) {
      throw usage("--lamp and --command are two commands: give one");
    }
    if (file != null) {
      Command command = CommandFile.read(file);
      receiver.onHello(gateway -> front.accept(gateway, command));
    }
    if (lamp == null) {
      return;
    }
    Matcher wish = LAMP.matcher(lamp);
    if (!wish.matches()) {
      throw usage("--lamp " + lamp + ": expected for example lamp-17=40%");
    }
    String asset = wish.group(1);
    long level = Long.parseLong(wish.group(2));
    receiver.onHello(
        gateway ->
            front.accept(
                gateway,
                new Command(
                    UUID.randomUUID().toString(),
                    asset,
                    "set-level",
                    Map.of("level", level),
                    System.currentTimeMillis(),
                    0,
                    "backend")));
  }
}
