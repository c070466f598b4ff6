package io.verge.runtime;

import io.verge.autonomy.Ladder.Rung;
import io.verge.autonomy.LinkKeeper;
import io.verge.command.CommandDesk;
import io.verge.config.SiteConfig;
import io.verge.driver.Order;
import io.verge.health.Counters;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.poll.SampleSink;
import io.verge.store.StoreWorker;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.uplink.UplinkView;
import io.verge.uplink.UplinkWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the ladder of {@link LinkKeeper} stands on: the uplinks it looks at, the buses by which the
 * modem and its power are told, and the file that has the computer started anew.
 */
final class Recovery implements LinkKeeper.Hands, LinkKeeper.Memory {
  /** Under which name the store keeps what was done. */
  static final String OWNER = "modem/steps";

  private static final long ON = 100;

  private final SiteConfig.Modem modem;
  private final CommandDesk.Targets targets;
  private final StoreWorker store;
  private final long[] kept;

  private Recovery(
      SiteConfig.Modem modem, CommandDesk.Targets targets, StoreWorker store, long[] kept) {
    this.modem = modem;
    this.targets = targets;
    this.store = store;
    this.kept = kept;
  }

  /**
   * @param kept what the store has under {@link #OWNER}.
   * @return null where nothing is configured.
   */
  static @Nullable LinkKeeper of(
      SiteConfig.@Nullable Modem modem,
      List<UplinkWorker> uplinks,
      CommandDesk.Targets targets,
      StoreWorker store,
      long[] kept,
      SampleSink events,
      Stamper stamper,
      Ticker ticker,
      Counters counters) {
    if (modem == null || uplinks.isEmpty()) {
      return null;
    }
    Recovery recovery = new Recovery(modem, targets, store, kept);
    return new LinkKeeper(
        modem.ladder(),
        modem.power().isEmpty() ? 0 : modem.powerOffMs(),
        () -> link(uplinks),
        recovery,
        recovery,
        events,
        stamper,
        ticker,
        counters);
  }

  private static LinkKeeper.Link link(List<UplinkWorker> uplinks) {
    List<UplinkView> views = uplinks.stream().map(UplinkWorker::view).toList();
    return new LinkKeeper.Link() {
      @Override
      public boolean isWell() {
        return views.stream().anyMatch(Recovery::isWell);
      }

      @Override
      public long received() {
        return views.stream().mapToLong(UplinkView::receivedBytes).sum();
      }

      @Override
      public boolean isRefused() {
        return views.stream().anyMatch(view -> view.state().equals("refused"));
      }
    };
  }

  /** What is under way and not acked is given the session's own patience, which ends with it. */
  private static boolean isWell(UplinkView view) {
    return view.state().equals("resting") || view.state().equals("sending");
  }

  @Override
  public boolean take(Rung rung, Consumer<Outcome> done) {
    return switch (rung) {
      case REREGISTER -> order(modem.asset(), new Order("reregister", Map.of()), done);
      case RADIO -> order(modem.asset(), new Order("radio", Map.of()), done);
      case RESET -> order(modem.asset(), new Order("reset", Map.of()), done);
      case POWER -> order(modem.power(), level(0), done);
      case REBOOT -> {
        done.accept(reboot());
        yield true;
      }
    };
  }

  @Override
  public boolean powerOn(Consumer<Outcome> done) {
    return order(modem.power(), level(ON), done);
  }

  private static Order level(long percent) {
    return new Order("set-level", Map.of("level", percent));
  }

  private boolean order(String asset, Order order, Consumer<Outcome> done) {
    int device = targets.device(asset);
    return device != Event.NO_DEVICE && targets.execute(device, order, () -> null, done);
  }

  private Outcome reboot() {
    Path file = modem.rebootFile();
    if (file == null) {
      return Outcome.of(Outcome.State.FAILED, "no reboot_file");
    }
    try {
      Files.writeString(file, "nothing is acked\n");
      return Outcome.done(Map.of());
    } catch (IOException e) {
      return Outcome.of(Outcome.State.FAILED, file + ": " + e.getMessage());
    }
  }

  @Override
  public long[] kept() {
    return kept.clone();
  }

  @Override
  public void keep(long[] numbers) {
    store.keep(OWNER, numbers);
  }
}
