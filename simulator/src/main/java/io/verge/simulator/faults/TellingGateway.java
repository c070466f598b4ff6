package io.verge.simulator.faults;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.runtime.Main;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The shipped gateway as {@code verge run} starts it, and beside it a thread that asks its control
 * socket what is committed and tells each change on a serial line: a way out of the machine that
 * needs neither its disk nor its network. For campaigns only.
 *
 * <pre>
 * found EVENTS METERS TELEMETRY     numbers of the first of this run, by lane
 * told EVENTS METERS TELEMETRY      numbers below which all is committed
 * </pre>
 */
public final class TellingGateway {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int HEAD = 2;

  private final Path socket;
  private final OutputStream line;
  private String last = "";

  private TellingGateway(Path socket, OutputStream line) {
    this.socket = socket;
    this.line = line;
  }

  /** Arguments: the serial line, the control socket, then those of the gateway. */
  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    OutputStream line = new FileOutputStream(all.get(0));
    TellingGateway telling = new TellingGateway(Path.of(all.get(1)), line);
    Thread thread = new Thread(telling::tell, "telling");
    thread.setDaemon(true);
    thread.start();
    Main.main(Arrays.copyOfRange(arguments, HEAD, arguments.length));
  }

  private void tell() {
    while (true) {
      try (LocalClient client = LocalClient.open(socket)) {
        while (true) {
          say(client.ask("buffer", new JsonObject(), LocalClient.ANSWER_MS));
          LockSupport.parkNanos(EVERY_NANOS);
        }
      } catch (LocalClient.Unreachable notYet) {
        LockSupport.parkNanos(EVERY_NANOS);
      } catch (LocalClient.Refused | IOException e) {
        System.err.println("told nothing: " + e.getMessage());
        LockSupport.parkNanos(EVERY_NANOS);
      }
    }
  }

  private void say(JsonObject buffer) throws IOException {
    StringBuilder found = new StringBuilder("found");
    StringBuilder told = new StringBuilder("told");
    for (JsonElement each : buffer.getAsJsonArray("lanes")) {
      JsonObject lane = each.getAsJsonObject();
      found.append(' ').append(lane.get("firstSample").getAsLong());
      told.append(' ').append(lane.get("nextSample").getAsLong());
    }
    String text = told.append('\n').toString();
    if (!text.equals(last)) {
      if (last.isEmpty()) {
        line.write(found.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
      }
      last = text;
      line.write(text.getBytes(StandardCharsets.US_ASCII));
      line.flush();
    }
  }
}
