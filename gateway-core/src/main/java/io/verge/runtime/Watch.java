package io.verge.runtime;

import io.verge.local.CommandView;
import io.verge.local.EventView;
import io.verge.local.ItemView;
import io.verge.local.SampleView;
import io.verge.model.Catalog;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.model.Sample;
import io.verge.poll.SampleSink;
import io.verge.store.CommandLog;
import io.verge.time.Stamper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between those who make samples, events and outcomes and the store: hands everything on,
 * and remembers the latest for people who look. Any thread.
 */
final class Watch implements SampleSink, CommandLog {
  private static final int EVENTS_MAX = 1000;
  private static final int COMMANDS_MAX = 200;

  private record Numbered(long number, Event event) {}

  private final Catalog catalog;
  private final Stamper stamper;
  private final SampleSink sink;
  private final CommandLog log;
  private final Deque<Numbered> events = new ArrayDeque<>();
  private final Deque<Event> commands = new ArrayDeque<>();
  private final List<Consumer<ItemView>> watchers = new CopyOnWriteArrayList<>();
  private volatile Consumer<Sample> judge = sample -> {};
  private long number;

  Watch(Catalog catalog, Stamper stamper, SampleSink sink, CommandLog log) {
    this.catalog = catalog;
    this.stamper = stamper;
    this.sink = sink;
    this.log = log;
  }

  /** Who else sees every sample; never blocks. */
  void judgedBy(Consumer<Sample> rules) {
    judge = rules;
  }

  @Override
  public boolean offer(Lane lane, Sample sample, long @Nullable [] keep) {
    boolean taken = sink.offer(lane, sample, keep);
    judge.accept(sample);
    if (!watchers.isEmpty()) {
      ItemView item = ItemView.of(SampleView.of(sample, catalog, stamper.now()));
      watchers.forEach(watcher -> watcher.accept(item));
    }
    return taken;
  }

  @Override
  public boolean offer(Event event) {
    boolean taken = sink.offer(event);
    remember(event);
    return taken;
  }

  @Override
  public boolean offer(Event event, String owner, long[] keep) {
    boolean taken = sink.offer(event, owner, keep);
    remember(event);
    return taken;
  }

  /** What is on its way to the store already. */
  void remember(Event event) {
    EventView view;
    synchronized (events) {
      number++;
      events.add(new Numbered(number, event));
      if (events.size() > EVENTS_MAX) {
        events.remove();
      }
      view = EventView.of(number, event, catalog, stamper.now());
    }
    watchers.forEach(watcher -> watcher.accept(ItemView.of(view)));
  }

  List<EventView> events(int most) {
    List<EventView> latest = new ArrayList<>();
    synchronized (events) {
      int skip = Math.max(0, events.size() - most);
      for (Numbered one : events) {
        if (skip-- <= 0) {
          latest.add(EventView.of(one.number(), one.event(), catalog, stamper.now()));
        }
      }
    }
    return latest;
  }

  Runnable watch(Consumer<ItemView> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  @Override
  public void accept(Command command, Consumer<Optional<Outcome>> known) {
    log.accept(command, known);
  }

  @Override
  public void update(String id, Outcome outcome, Event audit) {
    log.update(id, outcome, audit);
    remember(audit);
    synchronized (commands) {
      commands.add(audit);
      if (commands.size() > COMMANDS_MAX) {
        commands.remove();
      }
    }
  }

  /** The latest commands of this run, oldest first. */
  List<CommandView> commands(int most) {
    List<CommandView> latest = new ArrayList<>();
    synchronized (commands) {
      int skip = Math.max(0, commands.size() - most);
      for (Event audit : commands) {
        if (skip-- <= 0) {
          latest.add(view(audit));
        }
      }
    }
    return latest;
  }

  /** An audit event as a command; its details are those of the command desk. */
  CommandView view(Event audit) {
    Map<String, Object> details = audit.details();
    return new CommandView(
        String.valueOf(details.get("id")),
        String.valueOf(details.get("target")),
        String.valueOf(details.get("op")),
        told(details.get("args")),
        String.valueOf(details.get("origin")),
        audit.kind().substring(audit.kind().indexOf('.') + 1),
        String.valueOf(details.getOrDefault("why", "")),
        told(details.get("result")),
        SampleView.utc(audit.stamp()),
        SampleView.ageMs(audit.stamp(), stamper.now()));
  }

  /** Values as people read them; empty where there is no map. */
  static Map<String, String> told(@Nullable Object found) {
    Map<String, String> told = new HashMap<>();
    if (found instanceof Map<?, ?> given) {
      given.forEach((key, value) -> told.put(String.valueOf(key), String.valueOf(value)));
    }
    return told;
  }

  @Override
  public void unfinished(Consumer<List<Row>> receiver) {
    log.unfinished(receiver);
  }

  @Override
  public void recent(int most, Consumer<List<Row>> receiver) {
    log.recent(most, receiver);
  }
}
