package io.verge.simulator.demo;

import io.verge.model.Command;
import io.verge.simulator.backend.CoapFront;
import io.verge.simulator.backend.CoapFrontSettings;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.LedgerException;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import io.verge.simulator.keys.Authority;
import io.verge.uplink.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The demo's back end, reached in one of four ways; keys are made for the run. */
final class City implements AutoCloseable {
  /** By the scheme of the uplink's URL. */
  static final List<String> WAYS = List.of("mqtt", "mqtts", "coap", "coaps");

  private static final String HOST = "127.0.0.1";
  private static final int KEY_BYTES = 32;

  private final Ledger ledger;
  private final Receiver receiver;
  private final Front front;

  /**
   * What listens.
   *
   * @param keys lines of the uplink's configuration that let a gateway in.
   */
  private record Front(
      int port, BiConsumer<String, Command> commander, String keys, AutoCloseable open) {}

  /**
   * @param way one of {@link #WAYS}.
   * @param gateway who will come.
   */
  City(String way, String gateway, Path folder) throws IOException, LedgerException {
    ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.FULL);
    receiver = new Receiver(ledger, System::currentTimeMillis);
    front =
        switch (way) {
          case "mqtt" -> mqtt(BrokerSettings.plain(0), "");
          case "mqtts" -> mqtts(gateway, folder);
          case "coap" -> coap(CoapFrontSettings.plain(0), "");
          case "coaps" -> coaps(gateway, folder);
          default -> throw new IllegalArgumentException(way + " is not one of " + WAYS);
        };
  }

  private Front mqtt(BrokerSettings settings, String keys) throws IOException {
    Broker broker = new Broker(settings).start();
    return new Front(broker.port(), MqttFront.on(broker, receiver)::command, keys, broker);
  }

  private Front mqtts(String gateway, Path folder) throws IOException {
    Authority authority = new Authority(folder, "authority");
    authority.sign("city", HOST);
    authority.sign(gateway);
    Path ca = authority.pem("authority");
    return mqtt(
        new BrokerSettings(
            HOST, 0, Map.of(), Tls.context(ca, authority.pem("city"), authority.key("city")), true),
        line("ca", ca)
            + line("certificate", authority.pem(gateway))
            + line("key", authority.key(gateway)));
  }

  private Front coap(CoapFrontSettings settings, String keys) throws IOException {
    CoapFront opened = new CoapFront(settings, receiver);
    return new Front(opened.port(), opened::command, keys, opened);
  }

  private Front coaps(String gateway, Path folder) throws IOException {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    Path file =
        Files.createFile(
            folder.resolve("psk"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, HexFormat.of().formatHex(key) + "\n");
    return coap(
        CoapFrontSettings.psk(0, gateway, key),
        "psk_identity = \"" + gateway + "\"\n" + line("psk_file", file));
  }

  private static String line(String key, Path file) {
    return key + " = \"" + file + "\"\n";
  }

  int port() {
    return front.port();
  }

  /** Lines of the uplink's configuration beside its URL. */
  String keys() {
    return front.keys();
  }

  Ledger ledger() {
    return ledger;
  }

  Receiver receiver() {
    return receiver;
  }

  void command(String gateway, Command command) {
    front.commander().accept(gateway, command);
  }

  @Override
  public void close() throws Exception {
    front.open().close();
    ledger.close();
  }
}
