package io.verge.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Device;
import io.verge.model.DeviceType;
import io.verge.model.PointType;
import io.verge.model.Sample;
import io.verge.model.Stamp;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.tahu.protobuf.SparkplugBProto.Payload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a host, honest or not, can make an edge node do. */
class SparkplugDialectTest {
  private static final long UTC = 1_790_000_000_000L;
  private static final String STATE = "spBv1.0/STATE/scada";
  private static final String NCMD = "spBv1.0/street/NCMD/gw-1";

  /** Writes down what it is asked for. */
  private static final class Written implements Dialect.Mouth {
    final List<String> what = new ArrayList<>();
    final List<Command> commands = new ArrayList<>();

    @Override
    public void ready() {
      what.add("ready");
    }

    @Override
    public void waiting(String why) {
      what.add("waiting");
    }

    @Override
    public void end(String why) {
      what.add("end");
    }

    @Override
    public void say(List<Dialect.Saying> messages) {
      what.add(messages.get(0).topic().split("/", -1)[2] + " and " + (messages.size() - 1));
    }

    @Override
    public void replied(String id, @Nullable String refusal, boolean again) {
      what.add("replied");
    }

    @Override
    public void command(Command command) {
      commands.add(command);
    }

    @Override
    public void refused(String why) {
      what.add("refused");
    }

    List<String> taken() {
      List<String> taken = List.copyOf(what);
      what.clear();
      return taken;
    }
  }

  private static final class Street implements Site {
    long connections = 255;

    @Override
    public Catalog catalog() {
      DeviceType type = new DeviceType("lamp", 60_000, List.of(PointType.gauge("level", "%", 0)));
      return new Catalog(
          1, List.of(type), List.of(new Device(0, "lamp-1"), new Device(0, "meter-1")));
    }

    @Override
    public @Nullable Sample last(int device) {
      return null;
    }

    @Override
    public long nextConnection() {
      return connections++;
    }
  }

  private final Written mouth = new Written();
  private final Street street = new Street();

  private SparkplugDialect dialect() throws Exception {
    UplinkSettings settings =
        new UplinkSettings(
                "operator",
                "gw-1",
                URI.create("mqtt://127.0.0.1"),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                60_000,
                60_000,
                true)
            .withCodec(
                UplinkSettings.Codec.SPARKPLUG_B,
                null,
                new UplinkSettings.Foreign(List.of("lamp-*"), "street", "gw-1", "scada", "", ""));
    return new SparkplugDialect(settings, street, Connections.assets(settings.foreign().assets()));
  }

  private static Stamp at(long monoMs) {
    return new Stamp(7, monoMs, UTC + monoMs, 0);
  }

  private static byte[] state(boolean online, long timestamp) {
    return ("{\"online\":" + online + ",\"timestamp\":" + timestamp + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] rebirth() {
    return Payload.newBuilder()
        .setTimestamp(UTC)
        .addMetrics(
            Payload.Metric.newBuilder().setName("Node Control/Rebirth").setBooleanValue(true))
        .build()
        .toByteArray();
  }

  @Test
  void itsNumberGoesRoundAndIsThatOfTheWill() throws Exception {
    for (long expected : new long[] {255, 0, 1}) {
      BrokerLink.Will will = dialect().login(at(0)).will();
      assertThat(Payload.parseFrom(java.util.Objects.requireNonNull(will).payload()).getMetrics(0))
          .satisfies(metric -> assertThat(metric.getLongValue()).isEqualTo(expected));
    }
  }

  @Test
  void birthsWaitForThePrimaryHostAndEndWithIt() throws Exception {
    SparkplugDialect dialect = dialect();
    assertThat(dialect.login(at(0)).topics()).contains(STATE, NCMD);
    dialect.connected(mouth, at(0));
    assertThat(mouth.taken()).containsExactly("waiting");
    dialect.heard(mouth, STATE, state(false, 10), at(1));
    dialect.heard(mouth, STATE, state(true, 9), at(2));
    assertThat(mouth.taken()).as("offline, and a word older than that").isEmpty();
    dialect.heard(mouth, STATE, state(true, 11), at(3));
    assertThat(mouth.taken())
        .as("the filter leaves one device")
        .containsExactly("NBIRTH and 1", "ready");
    dialect.heard(mouth, STATE, state(false, 10), at(4));
    assertThat(mouth.taken()).as("the will of an older session").isEmpty();
    dialect.heard(mouth, STATE, state(false, 12), at(5));
    assertThat(mouth.taken()).containsExactly("NDEATH and 0", "end");
  }

  @Test
  void withoutAClockThereAreNoBirths() throws Exception {
    SparkplugDialect dialect = dialect();
    var unused = dialect.login(new Stamp(7, 0, Stamp.NO_UTC, 0));
    dialect.heard(mouth, STATE, state(true, 1), new Stamp(7, 1, Stamp.NO_UTC, 0));
    assertThat(mouth.taken()).containsExactly("end");
  }

  @Test
  void aHostThatAsksForBirthsAllTheTimeGetsFourAndOneAMinute() throws Exception {
    SparkplugDialect dialect = dialect();
    var unused = dialect.login(at(0));
    dialect.heard(mouth, STATE, state(true, 1), at(0));
    mouth.taken();
    for (int i = 0; i < 1000; i++) {
      dialect.heard(mouth, NCMD, rebirth(), at(i));
    }
    assertThat(mouth.taken()).hasSize(4);
    dialect.heard(mouth, NCMD, rebirth(), at(61_000));
    dialect.heard(mouth, NCMD, rebirth(), at(61_001));
    assertThat(mouth.taken()).hasSize(1);
  }

  @Test
  void aRepeatedCommandHasTheSameIdAndAHiddenAssetNone() throws Exception {
    SparkplugDialect dialect = dialect();
    var unused = dialect.login(at(0));
    dialect.heard(mouth, STATE, state(true, 1), at(0));
    mouth.taken();
    Payload.Builder write =
        Payload.newBuilder()
            .setTimestamp(UTC)
            .addMetrics(Payload.Metric.newBuilder().setName("level").setIntValue(30));
    String topic = "spBv1.0/street/DCMD/gw-1/lamp-1";
    dialect.heard(mouth, topic, write.build().toByteArray(), at(1));
    dialect.heard(mouth, topic, write.build().toByteArray(), at(2));
    dialect.heard(mouth, topic, write.setTimestamp(UTC + 1).build().toByteArray(), at(3));
    assertThat(mouth.commands).extracting(Command::op).containsOnly("set-level");
    assertThat(mouth.commands.get(1).id()).isEqualTo(mouth.commands.get(0).id());
    assertThat(mouth.commands.get(2).id()).isNotEqualTo(mouth.commands.get(0).id());
    dialect.heard(mouth, "spBv1.0/street/DCMD/gw-1/meter-1", write.build().toByteArray(), at(4));
    dialect.heard(mouth, STATE, "{\"online\":1}".getBytes(StandardCharsets.UTF_8), at(5));
    dialect.heard(mouth, NCMD, new byte[] {1, 2, 3}, at(6));
    assertThat(mouth.taken()).containsExactly("refused", "refused", "refused");
    assertThat(mouth.commands).hasSize(3);
  }
}
