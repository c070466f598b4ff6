package io.verge.runtime;

import com.google.gson.JsonObject;
import io.verge.local.LocalClient;
import io.verge.time.Ticker;
import io.verge.update.SystemUpdater;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Has the running gateway tell the city how an update of the system below it has ended. */
final class SystemNews {
  /** A gateway that was started with the machine is up by then, or not at all. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final Duration ASK_EVERY = Duration.ofSeconds(2);
  private static final int WHY_MAX = 500;

  private final Path socket;
  private final Ticker ticker;
  private final PrintStream err;

  SystemNews(Path socket, Ticker ticker, PrintStream err) {
    this.socket = socket;
    this.ticker = ticker;
    this.err = err;
  }

  /** Tells it as the event {@code system.updated}, as soon as the gateway can be asked. */
  void tell(SystemUpdater.State ended) throws IOException {
    JsonObject news = new JsonObject();
    news.addProperty("version", ended.lastVersion());
    news.addProperty("outcome", ended.outcome());
    news.addProperty(
        "why", ended.why().length() > WHY_MAX ? ended.why().substring(0, WHY_MAX) : ended.why());
    long deadline = ticker.nanos() + PATIENCE.toNanos();
    String lacking = tried(news);
    while (lacking != null && ticker.nanos() < deadline) {
      ticker.sleepUntil(ticker.nanos() + ASK_EVERY.toNanos());
      lacking = tried(news);
    }
    if (lacking != null) {
      err.println("verge: the city is not told of it: " + lacking);
    }
  }

  /** What was in the way; null: it is told. */
  private @Nullable String tried(JsonObject news) throws IOException {
    try (LocalClient client = LocalClient.open(socket)) {
      client.ask("system-updated", news, LocalClient.ANSWER_MS);
      return null;
    } catch (LocalClient.Unreachable | LocalClient.Refused e) {
      return e.getMessage();
    }
  }
}
