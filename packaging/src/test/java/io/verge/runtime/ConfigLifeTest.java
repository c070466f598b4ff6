package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.cli.ExitCode;
import io.verge.local.EventView;
import io.verge.local.LocalClient;
import io.verge.model.Command;
import io.verge.runtime.RunningGateway.Ran;
import io.verge.simulator.backend.Ledger;
import io.verge.simulator.backend.MqttFront;
import io.verge.simulator.backend.Receiver;
import io.verge.simulator.broker.Broker;
import io.verge.simulator.broker.BrokerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The configuration's life, with the gateway as a process of its own. */
@Timeout(120)
class ConfigLifeTest {
  @TempDir private Path folder = Path.of("unset");

  private final List<RunningGateway> gateways = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (RunningGateway gateway : gateways) {
      gateway.close();
    }
  }

  private Path write(String name, String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("[site]", "gateway = \"gw-7\""));
    all.addAll(List.of(lines));
    all.addAll(List.of("[time]", "trust = \"system\"", "[local]", "socket = \"v.sock\""));
    return Files.write(folder.resolve(name), all);
  }

  private static String[] uplink(String name, int port, String more) {
    return new String[] {
      "name = \"" + name + "\"",
      "[[uplink]]",
      "name = \"city\"",
      "url = \"mqtt://127.0.0.1:" + port + "\"",
      more
    };
  }

  private RunningGateway start() throws IOException {
    RunningGateway gateway =
        new RunningGateway(folder.resolve("gateway.toml"), folder.resolve("data"));
    gateways.add(gateway);
    return gateway;
  }

  private Ran verge(String... words) {
    return RunningGateway.verge(folder.resolve("v.sock"), InputStream.nullInputStream(), words);
  }

  private String runs() {
    return JsonParser.parseString(verge("status", "--json").out())
        .getAsJsonObject()
        .get("name")
        .getAsString();
  }

  /** {@code number state} of each version, newest first. */
  private List<String> history() {
    return objects(verge("config", "history", "--json").out())
        .map(one -> one.get("number").getAsInt() + " " + one.get("state").getAsString())
        .toList();
  }

  private static Stream<JsonObject> objects(String text) {
    return text.lines().map(line -> JsonParser.parseString(line).getAsJsonObject());
  }

  private EventView event(String kind) throws Exception {
    EventView[] found = new EventView[1];
    JsonObject args = new JsonObject();
    args.addProperty("follow", true);
    try (LocalClient client = LocalClient.open(folder.resolve("v.sock"))) {
      client.views(
          "events",
          args,
          LocalClient.NO_LIMIT,
          EventView.class,
          (event, raw) -> {
            found[0] = event;
            return !event.kind().equals(kind);
          });
    }
    return found[0];
  }

  @Test
  void aTrialThatIsKilledReturnsAtTheNextStart() throws Exception {
    write("gateway.toml", "name = \"one\"");
    String two = write("two.toml", "name = \"two\"").toString();
    RunningGateway first = start();
    assertThat(history()).containsExactly("1 active");
    Ran ran = verge("config", "apply", two, "--by-hand");
    assertThat(ran.code()).as(ran.err()).isZero();
    first.until("on trial");
    assertThat(runs()).isEqualTo("two");
    assertThat(verge("status").out()).contains("version 2").contains("on trial");
    first.kill();

    RunningGateway second = start();
    assertThat(runs()).isEqualTo("one");
    assertThat(history()).containsExactly("2 returned", "1 active");
    assertThat(event("config.returned").details())
        .containsEntry("why", "the gateway ended during the trial");
    assertThat(verge("config", "apply", two).out()).contains("version 3 holds");
    assertThat(history()).containsExactly("3 active", "2 returned", "1 former");
    second.kill();

    start();
    assertThat(runs())
        .as("what was confirmed outlives the process, unlike the file")
        .isEqualTo("two");
    assertThat(verge("config", "diff", "1").out()).isEqualTo("~ site.name: \"one\" -> \"two\"\n");
    assertThat(verge("config", "show", "--text", "--number", "1").out()).contains("\"one\"");
    assertThat(verge("config", "show").out()).contains("name = \"two\"").contains("# line 3");
    assertThat(verge("config", "rollback").out()).contains("version 4 holds");
    assertThat(runs()).isEqualTo("one");
  }

  @Test
  void anEditedFileHoldsUnlessItHasProblems() throws Exception {
    Path file = write("gateway.toml", "name = \"one\"");
    start().kill();
    write("gateway.toml", "name = \"two\"", "nmae = \"x\"");
    start().kill();
    start();
    assertThat(runs()).isEqualTo("one");
    assertThat(verge("status").out()).contains("version 1 runs").contains("nmae");
    assertThat(event("config.file-refused").severity()).isEqualTo("warning");
    gateways.get(2).kill();
    Files.writeString(file, Files.readString(file).replace("nmae = \"x\"\n", ""));
    start();
    assertThat(runs()).isEqualTo("two");
    assertThat(history()).containsExactly("2 active", "1 former");
  }

  @Test
  void ofTwoTechniciansOneIsFaster() throws Exception {
    write("gateway.toml", "name = \"one\"");
    String two = write("two.toml", "name = \"two\"").toString();
    RunningGateway gateway = start();
    CompletableFuture<Ran> other =
        CompletableFuture.supplyAsync(
            () -> verge("config", "apply", two, "--by-hand", "--if-version", "1"));
    Ran mine = verge("config", "apply", two, "--by-hand", "--if-version", "1");
    List<Integer> codes = List.of(mine.code(), other.get().code());
    assertThat(codes).contains(ExitCode.DONE);
    assertThat(codes).doesNotContain(ExitCode.USAGE).containsOnlyOnce(ExitCode.DONE);
    gateway.until("on trial");
    Ran late = verge("config", "apply", two);
    assertThat(late.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(late.err()).contains("version 2 of cli:").contains("still on trial");
    assertThat(verge("config", "confirm").code()).isZero();
    assertThat(verge("config", "confirm").code()).isEqualTo(ExitCode.REFUSED);
    Ran stale = verge("config", "apply", two, "--if-version", "1");
    assertThat(stale.code()).isEqualTo(ExitCode.REFUSED);
    assertThat(stale.err()).contains("somebody was faster");
    String bad = write("bad.toml", "nmae = \"x\"").toString();
    assertThat(verge("config", "apply", bad).err()).contains("did you mean 'name'");
    assertThat(history()).containsExactly("2 active", "1 former");
  }

  @Test
  void aBackEndMayPushWhereItIsAllowedAndNobodyIsCutOff() throws Exception {
    try (Broker broker = new Broker(BrokerSettings.plain(0)).start();
        Ledger ledger = Ledger.open(folder.resolve("city.db"), Ledger.Durability.values()[0])) {
      MqttFront front = MqttFront.on(broker, new Receiver(ledger, System::currentTimeMillis));
      write("gateway.toml", uplink("one", broker.port(), ""));
      Path pushed = write("two.toml", uplink("two", broker.port(), "configure = true"));
      Path away = write("away.toml", uplink("away", 1, ""));
      RunningGateway gateway = start();
      event("uplink.up");
      front.command("gw-7", push("c1", pushed));
      assertThat(event("command.rejected").details().get("why")).contains("configure = true");

      Ran lost = verge("config", "apply", away.toString(), "--within", "2s");
      assertThat(lost.code()).as(lost.err()).isEqualTo(ExitCode.WRONG);
      assertThat(lost.out()).contains("given back").contains("uplink city is not up");
      assertThat(runs()).isEqualTo("one");
      event("uplink.up");

      assertThat(verge("config", "apply", pushed.toString()).code()).isZero();
      event("uplink.up");
      Path third = write("three.toml", uplink("three", broker.port(), "configure = true"));
      front.command("gw-7", push("c2", third));
      gateway.until("on trial");
      gateway.until("on trial");
      gateway.until("on trial");
      assertThat(event("config.confirmed").details()).containsEntry("who", "uplink:city");
      assertThat(runs()).isEqualTo("three");
      assertThat(history()).startsWith("4 active", "3 former", "2 returned");
      front.command("gw-7", push("c2", pushed));
      front.command("gw-7", new Command("c3", "gateway", "config-x", Map.of(), 0, 0, ""));
      assertThat(event("command.rejected").details().get("why")).contains("config-x");
      assertThat(history()).as("a repeated id does nothing").startsWith("4 active");
    }
  }

  private static Command push(String id, Path file) throws IOException {
    return new Command(
        id, "gateway", "config-apply", Map.of("toml", Files.readString(file)), 0, 0, "");
  }
}
