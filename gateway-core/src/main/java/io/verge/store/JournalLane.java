package io.verge.store;

import io.verge.model.Lane;
import io.verge.model.Stamp;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lane of the journal: its rows in the file, which follow those in the database, and how far
 * the transaction under way takes them over. Store thread only.
 */
final class JournalLane {
  /** A row of the file. */
  record Pending(long number, int page, long rev, Stamp stamp, CommitRecord.Row row) {}

  private final Lane lane;
  private final JournalTable table;
  private final ArrayDeque<Pending> pending = new ArrayDeque<>();
  private JournalTable.Mark stored;
  private long nextRseq;

  /** Of the pending rows, those that the transaction under way takes. */
  private int going;

  /** When the newest row that this transaction takes was committed; null: it takes none. */
  private @Nullable Stamp newest;

  /**
   * @param stored what the database says of the lane.
   */
  JournalLane(Lane lane, JournalTable table, JournalTable.Mark stored) {
    this.lane = lane;
    this.table = table;
    this.stored = stored;
    this.nextRseq = stored.nextRseq();
  }

  /** The number of the next sample or event. */
  long next() {
    return nextRseq;
  }

  /** The last record of the file of which the database took this lane's rows. */
  long taken() {
    return stored.taken();
  }

  /** The oldest row of the file. */
  @Nullable Pending first() {
    return pending.peekFirst();
  }

  /** A row is in the file. */
  void add(Pending row) {
    pending.add(row);
    nextRseq = row.row().rseqFirst() + row.row().count();
  }

  /** Inside a transaction: the database takes the rows of the file. */
  void takeIn() throws SQLException {
    Iterator<Pending> rows = pending.iterator();
    for (int i = 0; rows.hasNext(); i++) {
      Pending one = rows.next();
      if (i >= going) {
        table.insert(one.row(), one.rev());
        newest = one.stamp();
      }
    }
    going = pending.size();
  }

  /** Inside a transaction: a row into the database, under the next numbers. */
  void put(CommitRecord.Row row, long rev, Stamp stamp) throws SQLException {
    table.insert(
        new CommitRecord.Row(lane, nextRseq, row.count(), row.readings(), row.body()), rev);
    nextRseq += row.count();
    newest = stamp;
  }

  /** The oldest rows. */
  List<Journal.Row> rows(int most) throws SQLException {
    List<Journal.Row> rows = table.rows(lane, most);
    Iterator<Pending> more = pending.iterator();
    for (int i = 0; more.hasNext() && rows.size() < most; i++) {
      Pending one = more.next();
      if (i >= going) {
        rows.add(new Journal.Row(0, one.row().rseqFirst(), one.rev(), one.row().body()));
      }
    }
    return rows;
  }

  /** Inside a transaction: these oldest rows are sealed. */
  void forget(List<Journal.Row> sealed) throws SQLException {
    long lastId = 0;
    int fromFile = 0;
    for (Journal.Row row : sealed) {
      lastId = Math.max(lastId, row.id());
      fromFile += row.id() == 0 ? 1 : 0;
    }
    if (lastId > 0) {
      table.delete(lane, lastId);
    }
    if (fromFile > 0) {
      Iterator<Pending> rows = pending.iterator();
      for (int i = 0; i < going + fromFile; i++) {
        newest = rows.next().stamp();
      }
      going += fromFile;
    }
  }

  Store.Waiting waiting() throws SQLException {
    Store.Waiting inTable = table.waiting(lane);
    int rows = inTable.rows();
    long readings = inTable.readings();
    long bytes = inTable.bytes();
    for (Pending one : pending) {
      rows++;
      readings += one.row().readings();
      bytes += one.row().body().length;
    }
    return new Store.Waiting(rows, readings, bytes);
  }

  /** Whether the transaction under way takes rows of the file. */
  boolean isGoing() {
    return going > 0;
  }

  /**
   * The transaction is about to be committed.
   *
   * @param last the number of the file's last record.
   */
  void write(long last) throws SQLException {
    JournalTable.Mark mark = mark(last);
    if (!mark.equals(stored)) {
      table.mark(lane, mark, newest);
    }
  }

  /** The transaction was committed. */
  void written(long last) {
    stored = mark(last);
    for (int i = going; i > 0; i--) {
      pending.removeFirst();
    }
    settle();
  }

  /** The lane as it is once the transaction is committed. */
  private JournalTable.Mark mark(long last) {
    Iterator<Pending> rows = pending.iterator();
    for (int i = 0; i < going; i++) {
      rows.next();
    }
    if (!rows.hasNext()) {
      return new JournalTable.Mark(nextRseq, last);
    }
    Pending first = rows.next();
    return new JournalTable.Mark(first.row().rseqFirst(), first.number() - 1);
  }

  /** The transaction was not committed. */
  void undone() {
    Pending end = pending.peekLast();
    nextRseq = end == null ? stored.nextRseq() : end.row().rseqFirst() + end.row().count();
    settle();
  }

  private void settle() {
    going = 0;
    newest = null;
  }
}
