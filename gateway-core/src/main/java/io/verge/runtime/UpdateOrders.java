package io.verge.runtime;

import io.verge.command.CommandDesk;
import io.verge.model.Command;
import io.verge.model.Outcome;
import io.verge.time.Crew;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The order {@code update}: fetch a bundle and apply it, from an uplink that may change how the
 * gateway runs. One at a time. Any thread.
 */
final class UpdateOrders implements CommandDesk.Own {
  /** For the new version's files and its archive of classes, beside the bundle itself. */
  private static final long SPARE_BYTES = 64L << 20;

  private final UpdateFiles files;
  private final Supplier<List<UpdateFetch.PaidLine>> uplinks;
  private final Map<String, String> allowed;
  private final Function<URI, Map<String, String>> fields;
  private final UpdateFetch.Updates updates;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Crew crew;
  private @Nullable UpdateFetch current;

  /**
   * @param uplinks looked at when a command comes.
   * @param allowed origins of commands that may order one, with the name of the uplink that pays.
   * @param fields what a request to a server carries beside the usual.
   */
  UpdateOrders(
      UpdateFiles files,
      Supplier<List<UpdateFetch.PaidLine>> uplinks,
      Map<String, String> allowed,
      Function<URI, Map<String, String>> fields,
      UpdateFetch.Updates updates,
      Stamper stamper,
      Ticker ticker,
      Crew crew) {
    this.files = files;
    this.uplinks = uplinks;
    this.allowed = Map.copyOf(allowed);
    this.fields = fields;
    this.updates = updates;
    this.stamper = stamper;
    this.ticker = ticker;
    this.crew = crew;
  }

  @Override
  public synchronized boolean execute(Command command, Consumer<Outcome> done) {
    if (!command.op().equals(UpdateOrder.OP)) {
      return false;
    }
    try {
      String origin = command.origin();
      String name = allowed.getOrDefault(origin, "");
      Optional<UpdateFetch.PaidLine> line = line(name);
      if (line.isEmpty()) {
        throw new IllegalArgumentException(origin + " may not update: [[uplink]] configure = true");
      }
      if (current != null && !current.hasEnded()) {
        throw new IllegalArgumentException("command " + current.id() + " is updating it already");
      }
      UpdateOrder order = UpdateOrder.of(command, name);
      refuseWhatHasNoRoom(
          order, line.get(), Boolean.TRUE.equals(command.args().get("over_budget")));
      files.forget();
      start(order, line.get(), done);
    } catch (IllegalArgumentException e) {
      done.accept(Outcome.of(Outcome.State.REJECTED, String.valueOf(e.getMessage())));
    } catch (IOException e) {
      done.accept(Outcome.of(Outcome.State.FAILED, "on the disk: " + e.getMessage()));
    }
    return true;
  }

  @Override
  public synchronized boolean resume(Command command, Consumer<Outcome> done) {
    if (!command.op().equals(UpdateOrder.OP) || current != null) {
      return false;
    }
    try {
      UpdateOrder order = files.kept();
      Optional<UpdateFetch.PaidLine> line = order == null ? Optional.empty() : line(order.uplink());
      if (order == null || line.isEmpty() || !order.id().equals(command.id())) {
        return false;
      }
      start(order, line.get(), done);
      return true;
    } catch (IOException e) {
      done.accept(Outcome.of(Outcome.State.FAILED, "on the disk: " + e.getMessage()));
      return true;
    }
  }

  private void refuseWhatHasNoRoom(UpdateOrder order, UpdateFetch.PaidLine line, boolean overBudget)
      throws IOException {
    long budget = line.settings().line().budgetBytes();
    long left = budget - line.used();
    if (budget > 0 && order.size() > left && !overBudget) {
      throw new IllegalArgumentException(
          "the month's data plan has "
              + Math.max(0, left)
              + " bytes left, the bundle takes "
              + order.size()
              + "; over_budget = true takes them all the same");
    }
    long room = files.room();
    if (room < order.size() + SPARE_BYTES) {
      throw new IllegalArgumentException(
          "the disk has room for " + room + " bytes, the update takes more");
    }
  }

  private Optional<UpdateFetch.PaidLine> line(String name) {
    return uplinks.get().stream().filter(each -> each.settings().name().equals(name)).findFirst();
  }

  private void start(UpdateOrder order, UpdateFetch.PaidLine line, Consumer<Outcome> done) {
    UpdateFetch before = current;
    UpdateFetch fresh = new UpdateFetch(order, files, line, updates, stamper, ticker, fields, done);
    current = fresh;
    if (before != null) {
      crew.stop(before);
    }
    crew.start(fresh);
  }

  /** What is not done yet goes on at the next start. */
  void stop() {
    UpdateFetch last;
    synchronized (this) {
      last = current;
    }
    if (last != null) {
      crew.stop(last);
    }
  }
}
