package io.verge.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.verge.local.CommandView;
import io.verge.local.EventView;
import io.verge.local.HistoryView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.PointView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the page asks of the gateway: over one connection, one thing after the other, whatever the
 * number of phones.
 */
final class PageDesk implements AutoCloseable {
  static final long DAY_MS = 86_400_000;

  /** A lamp under test goes back to its plan. */
  private static final long TEST_MS = 600_000;

  private static final int EVENTS = 30;
  private static final int PLOTS_MAX = 64;
  private static final long PLOT_NANOS = 60_000_000_000L;

  private record Plot(String svg, long madeNanos) {}

  private final Gson gson = new GsonBuilder().serializeNulls().create();
  private final Path socket;
  private final LongSupplier nanos;
  private final Map<String, Plot> plots =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Plot> eldest) {
          return size() > PLOTS_MAX;
        }
      };
  private @Nullable LocalClient open;

  PageDesk(Path socket, LongSupplier nanos) {
    this.socket = socket;
    this.nanos = nanos;
  }

  /** Asks; after a failure the next one connects anew. */
  private interface Asked<T> {
    T of(LocalClient client) throws Unreachable, Refused;
  }

  private synchronized <T> T ask(Asked<T> asked) throws Unreachable, Refused {
    LocalClient client = open;
    if (client == null) {
      client = LocalClient.open(socket);
      open = client;
    }
    try {
      return asked.of(client);
    } catch (Unreachable e) {
      close();
      throw e;
    }
  }

  /** Everything the page shows, as one JSON object; {@code error} if there is no gateway. */
  String look() {
    try {
      return ask(this::whole);
    } catch (Unreachable e) {
      return failure(String.valueOf(e.getMessage()), e.next());
    } catch (Refused e) {
      return failure(String.valueOf(e.getMessage()), e.next());
    }
  }

  private String failure(String message, String next) {
    JsonObject error = new JsonObject();
    error.addProperty("error", message);
    error.addProperty("next", next);
    return gson.toJson(error);
  }

  private String whole(LocalClient client) throws Unreachable, Refused {
    JsonObject look = new JsonObject();
    look.add("status", client.ask("status", Asking.args(), LocalClient.ANSWER_MS));
    look.add("points", items(client, "points", Asking.args(), PointView.class));
    JsonObject most = Asking.args();
    most.addProperty("most", EVENTS);
    look.add("events", items(client, "events", most, EventView.class));
    return gson.toJson(look);
  }

  private static <T extends Record> JsonArray items(
      LocalClient client, String word, JsonObject args, Class<T> type) throws Unreachable, Refused {
    JsonArray items = new JsonArray();
    client.views(
        word,
        args,
        LocalClient.ANSWER_MS,
        type,
        (view, raw) -> {
          items.add(raw);
          return true;
        });
    return items;
  }

  /** The last day of a point as SVG; at most a minute old. */
  synchronized String plot(String target) throws Unreachable, Refused {
    Plot kept = plots.get(target);
    if (kept != null && nanos.getAsLong() - kept.madeNanos() < PLOT_NANOS) {
      return kept.svg();
    }
    JsonObject args = Asking.args();
    args.addProperty("target", target);
    args.addProperty("since_ms", DAY_MS);
    List<HistoryView> readings = new ArrayList<>();
    ask(
        client -> {
          client.views(
              "history",
              args,
              LocalClient.FIELD_MS,
              HistoryView.class,
              (view, raw) -> readings.add(view));
          return readings;
        });
    String svg = SvgPlot.draw(target, readings, DAY_MS);
    plots.put(target, new Plot(svg, nanos.getAsLong()));
    return svg;
  }

  /**
   * @param level 0 to 100; less: back to the plan.
   */
  CommandView lamp(String target, int level) throws Unreachable, Refused {
    if (level < 0) {
      return lamp("release", target, level, 0);
    }
    CommandView view = lamp("lamp", target, level, TEST_MS);
    // Where no plan has the lamp, nothing could give it back: then it stays.
    return view.state().equals("rejected") ? lamp("lamp", target, level, 0) : view;
  }

  private CommandView lamp(String word, String target, int level, long forMs)
      throws Unreachable, Refused {
    JsonObject args = Asking.args();
    args.addProperty("target", target);
    if (word.equals("lamp")) {
      args.addProperty("level", level);
      args.addProperty("for_ms", forMs);
    }
    return ask(
        client -> client.view(client.ask(word, args, LocalClient.FIELD_MS), CommandView.class));
  }

  @Override
  public synchronized void close() {
    LocalClient client = open;
    open = null;
    if (client != null) {
      try {
        client.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("closing the control socket", e);
      }
    }
  }
}
