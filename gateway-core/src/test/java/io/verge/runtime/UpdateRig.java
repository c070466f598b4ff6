package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.verge.time.Ticker;
import io.verge.update.BundleMaker;
import io.verge.update.Health;
import io.verge.update.Host;
import io.verge.update.Keys;
import io.verge.update.UpdateException;
import io.verge.update.Updater;
import io.verge.update.Version;
import io.verge.uplink.Line;
import io.verge.uplink.UplinkSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A gateway of version 0.1.0 that trusts a maker, who has made 0.2.0; what is started is well. */
final class UpdateRig {
  final Time time = new Time();
  final Paid line = new Paid();
  private final Path folder;

  UpdateRig(Path folder) {
    this.folder = folder;
  }

  /** The key is laid down, and the bundle's bytes are told. */
  byte[] bundle(int noiseBytes) throws Exception {
    KeyPair maker = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Files.createDirectories(folder.resolve("keys"));
    Files.writeString(
        folder.resolve("keys/maker.pem"),
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getEncoder().encodeToString(maker.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    Path application = Files.createDirectories(folder.resolve("app/lib")).resolveSibling("");
    byte[] noise = new byte[noiseBytes];
    new Random(5).nextBytes(noise);
    Files.write(application.resolve("lib/gateway.jar"), noise);
    Files.writeString(application.resolve("java.args"), "-cp @APP@/lib/gateway.jar\n");
    Path file = folder.resolve("made.vup");
    BundleMaker.make(
        application, new Version("0.2.0"), "amd64", 17, maker.getPrivate(), null, file);
    return Files.readAllBytes(file);
  }

  Updater updater() throws IOException, UpdateException {
    return new Updater(
        folder.resolve("versions"),
        List.of(),
        new Version("0.1.0"),
        Keys.trusted(folder.resolve("keys")),
        new Machine(),
        time,
        new Updater.Patience(Duration.ofSeconds(1), Duration.ZERO));
  }

  static final class Time implements Ticker {
    long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleepUntil(long deadlineNanos) {
      nanos = Math.max(nanos, deadlineNanos);
    }
  }

  static final class Paid implements UpdateFetch.PaidLine {
    long budget;
    long used;
    long received;

    @Override
    public UplinkSettings settings() {
      return new UplinkSettings(
              "city",
              "gw-1",
              URI.create("mqtt://127.0.0.1:1"),
              null,
              null,
              null,
              null,
              null,
              null,
              null,
              1000,
              1000,
              false)
          .withLine(new Line(budget, 1, 0, 0, null, null, "", 0));
    }

    @Override
    public long used() {
      return used;
    }

    @Override
    public void spent(long sent, long more) {
      received += more;
    }
  }

  private final class Machine implements Host {
    @Override
    public String arch() {
      return "amd64";
    }

    @Override
    public int java() {
      return 17;
    }

    @Override
    public long freeBytes(Path where) {
      return 1L << 40;
    }

    @Override
    public void prepare(Path application) {
      assertThat(application.resolve("lib/gateway.jar")).exists();
    }

    @Override
    public void restart() {
      assertThat(folder.resolve("versions/current")).exists();
    }

    @Override
    public Health health() {
      return new Health("0.2.0", true, Map.of(), Map.of());
    }

    @Override
    public void tell(String said) {
      assertThat(said).isNotEmpty();
    }
  }
}
