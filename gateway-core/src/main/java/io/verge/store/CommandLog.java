package io.verge.store;

import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The durable memory of commands: ids are remembered 7 days. Methods only enqueue, from any thread;
 * answers arrive on the store thread, where a receiver may do no more than enqueue and ring.
 */
public interface CommandLog {
  /** A remembered command and what became of it so far. */
  record Row(Command command, Outcome outcome, long updatedMonoMs) {}

  /**
   * Commits the command as accepted, unless its id is known.
   *
   * @param known gets what became of it so far, or empty if it is new (and now durable).
   */
  void accept(Command command, Consumer<Optional<Outcome>> known);

  /** Commits a new state and its audit event in one transaction. */
  void update(String id, Outcome outcome, Event audit);

  /** Commands accepted or executing and not finished, oldest first: after a power cut. */
  void unfinished(Consumer<List<Row>> receiver);

  /** The newest first, at most 1000. */
  void recent(int most, Consumer<List<Row>> receiver);
}
