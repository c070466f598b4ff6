package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Lane;
import io.verge.model.Outcome;
import io.verge.wire.CborReader;
import io.verge.wire.CborWriter;
import io.verge.wire.CommandCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The durable memory of commands. Store thread only. */
final class CommandTable {
  /**
   * Ids remembered. A gateway that obeys a command a minute remembers seven days of them: 10,080.
   */
  private static final int REMEMBERED_MAX = 10_080;

  private final Database database;
  private final Store store;

  CommandTable(Database database, Store store) {
    this.database = database;
    this.store = store;
  }

  /** Remembers the command as accepted; what became of it so far if its id is known. */
  Optional<Outcome> accept(Command command, long nowMonoMs) throws StoreException {
    return database.transaction(
        "remember a command",
        () -> {
          Optional<CommandLog.Row> known = row(command.id());
          if (known.isPresent()) {
            return known.map(CommandLog.Row::outcome);
          }
          database.update(
              "INSERT INTO command VALUES(?, ?, ?, ?, '', ?, ?)",
              s -> {
                s.setString(1, command.id());
                s.setBytes(2, CommandCodec.encode(command));
                s.setString(3, command.origin());
                s.setInt(4, Outcome.State.ACCEPTED.ordinal());
                s.setBytes(5, new CborWriter(16).any(Map.of()).toBytes());
                s.setLong(6, nowMonoMs);
              });
          database.execute(
              "DELETE FROM command WHERE rowid <= (SELECT max(rowid) FROM command) - "
                  + REMEMBERED_MAX);
          return Optional.<Outcome>empty();
        });
  }

  /** A new state and its audit event, together; how many bytes the journal grew. */
  int update(String id, Outcome outcome, Event audit, long nowMonoMs) throws StoreException {
    return database.transaction(
        "remember an outcome",
        () -> {
          database.update(
              "UPDATE command SET state=?, why=?, details=?, updated=? WHERE id=?",
              s -> {
                s.setInt(1, outcome.state().ordinal());
                s.setString(2, outcome.why());
                s.setBytes(3, new CborWriter(64).any(outcome.details()).toBytes());
                s.setLong(4, nowMonoMs);
                s.setString(5, id);
              });
          return store.insertRow(
              Lane.EVENT, new JournalRow(List.of(), List.of(audit)), store.catalog().rev());
        });
  }

  List<CommandLog.Row> unfinished() throws StoreException {
    return rows(
        "WHERE state IN ("
            + Outcome.State.ACCEPTED.ordinal()
            + ", "
            + Outcome.State.EXECUTING.ordinal()
            + ") ORDER BY rowid");
  }

  List<CommandLog.Row> recent(int most) throws StoreException {
    return rows("ORDER BY rowid DESC LIMIT " + most);
  }

  private Optional<CommandLog.Row> row(String id) throws SQLException {
    return database.query(
        "SELECT * FROM command WHERE id=?",
        s -> s.setString(1, id),
        row -> row.next() ? Optional.of(row(row)) : Optional.empty());
  }

  private List<CommandLog.Row> rows(String which) throws StoreException {
    return database.read(
        "read commands",
        () ->
            database.query(
                "SELECT * FROM command " + which,
                Database.NOTHING,
                row -> {
                  List<CommandLog.Row> rows = new ArrayList<>();
                  while (row.next()) {
                    rows.add(row(row));
                  }
                  return rows;
                }));
  }

  @SuppressWarnings("unchecked") // CborReader.any() makes maps with text keys only
  private static CommandLog.Row row(ResultSet row) throws SQLException {
    Decoded<Command> command = CommandCodec.decode(row.getBytes("body"), row.getString("origin"));
    if (command instanceof Decoded.Invalid<Command> invalid) {
      throw new SQLException("command " + row.getString("id") + " is damaged: " + invalid.reason());
    }
    byte[] cbor = row.getBytes("details");
    Object details = new CborReader(cbor, 0, cbor.length).any();
    return new CommandLog.Row(
        command.orThrow(),
        new Outcome(
            Outcome.State.values()[row.getInt("state")],
            row.getString("why"),
            details instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of()),
        row.getLong("updated"));
  }
}
