package io.verge.simulator.demo;

import io.verge.model.Command;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.MqttClientFront;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.backend.Report;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
      "         verge simulate backend --ledger city.db --report"
    },
    mixinStandardHelpOptions = true)
final class SimulateBackendCommand implements Callable<Integer> {
  private static final Pattern LAMP = Pattern.compile("([a-z0-9._-]{1,40})=([0-9]{1,3})%?");

  @Spec private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(names = "--ledger", required = true, description = "SQLite file of what was received")
  private Path ledger = Path.of("unset");

  @Option(names = "--mqtt-port", defaultValue = "1883", description = "of the embedded broker")
  private int mqttPort;

  @Option(names = "--broker", description = "use this broker instead, for example mqtt://host:1883")
  private @Nullable URI broker;

  @Option(names = "--report", description = "print the reconciliation of the ledger, and end")
  private boolean report;

  @Option(names = "--json", description = "the report as JSON")
  private boolean json;

  @Option(
      names = "--lamp",
      paramLabel = "ASSET=LEVEL",
      description = "sends a set-level command at each hello, for example lamp-17=40%%")
  private @Nullable String lamp;

  @Override
  public Integer call() throws LedgerException, IOException, MqttException, InterruptedException {
    try (Ledger book = Ledger.open(ledger, Ledger.Durability.FULL)) {
      if (report) {
        Report found = book.report();
        System.out.println(json ? found.json() : found.table());
        return found.isWhole() ? 0 : 1;
      }
      Receiver receiver = new Receiver(book, System::currentTimeMillis);
      serve(receiver);
    }
    return 0;
  }

  private void serve(Receiver receiver) throws IOException, MqttException, InterruptedException {
    URI external = broker;
    if (external != null) {
      try (MqttClientFront front = new MqttClientFront(external, receiver)) {
        commanding(receiver, front.front());
        System.err.println("verge: the back end listens at " + external);
        new CountDownLatch(1).await();
      }
      return;
    }
    try (Broker own = new Broker(BrokerSettings.plain(mqttPort)).start()) {
      commanding(receiver, MqttFront.on(own, receiver));
      System.err.println("verge: the back end listens at mqtt://127.0.0.1:" + own.port());
      new CountDownLatch(1).await();
    }
  }

  private void commanding(Receiver receiver, MqttFront front) {
    if (lamp == null) {
      return;
    }
    Matcher wish = LAMP.matcher(lamp);
    if (!wish.matches()) {
      throw new ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "--lamp " + lamp + ": expected for example lamp-17=40%");
    }
    String asset = wish.group(1);
    long level = Long.parseLong(wish.group(2));
    receiver.onHello(
        gateway ->
            front.command(
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
