package io.verge.store;

import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.model.Stamp;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is committed and not sealed: the oldest rows in the database, the newest in the journal
 * file, or all in the database where there is no such file. A commit is one record of the file. The
 * database takes rows when they are sealed, when the file is full, and with every other row that is
 * written there: so its rows are always older than the file's.
 *
 * <p>What the file holds is in memory too; it is read at a start only. Store thread only.
 */
final class Journal implements Database.Rider {
  /** A file that failed is tried again after so long. */
  private static final long RETRY_NANOS = 600_000_000_000L;

  /**
   * A row as the sealer and history read it.
   *
   * @param id in the database; 0: in the file.
   */
  record Row(long id, long rseqFirst, long rev, byte[] body) {}

  private final Database database;
  private final JournalTable table;
  private final JournalKeeper keeper;
  private final List<JournalLane> lanes;
  private final Map<String, byte[]> kept = new HashMap<>();
  private final Map<String, byte[]> arriving = new HashMap<>();
  private @Nullable JournalFile file;
  private long last;
  private boolean inserted;
  private @Nullable Stamp lastStamp;
  private long retryNanos;

  private Journal(
      Database database, JournalTable table, JournalKeeper keeper, List<JournalLane> lanes) {
    this.database = database;
    this.table = table;
    this.keeper = keeper;
    this.lanes = lanes;
  }

  /**
   * Opens the journal beside the database and takes up what it holds; a damaged file is put aside,
   * what can be read of it goes into the database.
   */
  static Journal open(Database database, JournalKeeper keeper) throws SQLException, StoreException {
    JournalTable table = new JournalTable(database);
    List<JournalTable.Mark> marks = new ArrayList<>();
    List<JournalLane> lanes = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      JournalTable.Mark mark = table.mark(lane);
      marks.add(mark);
      lanes.add(new JournalLane(lane, table, mark));
    }
    Journal journal = new Journal(database, table, keeper, lanes);
    lanes.forEach(lane -> journal.last = Math.max(journal.last, lane.taken()));
    database.carry(journal);
    JournalRecovery.Result found = keeper.look(marks);
    journal.last = Math.max(journal.last, found.last());
    if (found.finding() == null && !found.torn()) {
      found.needed().forEach(journal::adopt);
    } else {
      database.transaction("take over the journal file", () -> journal.rescue(found.needed()));
    }
    journal.file = keeper.start(found);
    return journal;
  }

  private void adopt(JournalRecovery.Needed needed) {
    CommitRecord record = needed.record();
    for (CommitRecord.Row row : record.rows()) {
      JournalLane lane = lane(row.lane());
      if (needed.number() > lane.taken()) {
        lane.add(
            new JournalLane.Pending(
                needed.number(), needed.page(), record.rev(), record.stamp(), row));
      }
    }
    kept.putAll(record.keep());
    lastStamp = record.stamp();
  }

  /** Rows of a damaged file follow those of the database under the next free numbers. */
  private boolean rescue(List<JournalRecovery.Needed> needed) throws SQLException {
    for (JournalRecovery.Needed one : needed) {
      CommitRecord record = one.record();
      for (CommitRecord.Row row : record.rows()) {
        if (one.number() > lane(row.lane()).taken()) {
          put(row, record.rev(), record.stamp());
        }
      }
      kept.putAll(record.keep());
      lastStamp = record.stamp();
    }
    inserted = true;
    return true;
  }

  /** When the newest row of the file was taken; null: there is none. */
  @Nullable Stamp lastStamp() {
    return lastStamp;
  }

  /**
   * Commits rows, and what drivers want kept.
   *
   * @return bytes of the rows, by lane.
   */
  Map<Lane, Integer> append(Map<Lane, JournalRow> rows, Map<String, byte[]> keep, Catalog catalog)
      throws StoreException {
    List<CommitRecord.Row> fresh = new ArrayList<>();
    Map<Lane, Integer> bytes = new EnumMap<>(Lane.class);
    Stamp stamp = null;
    for (Map.Entry<Lane, JournalRow> entry : rows.entrySet()) {
      JournalRow row = entry.getValue();
      if (row.count() > 0) {
        byte[] body = row.encode();
        Lane lane = entry.getKey();
        fresh.add(new CommitRecord.Row(lane, next(lane), row.count(), row.readings(), body));
        bytes.put(lane, body.length);
        stamp = row.lastStamp();
      }
    }
    if (stamp == null) {
      inDatabase(fresh, keep, catalog.rev(), new Stamp(0, 0, Stamp.NO_UTC, 0));
    } else if (!inFile(fresh, keep, catalog, stamp)) {
      inDatabase(fresh, keep, catalog.rev(), stamp);
    }
    return bytes;
  }

  private boolean inFile(
      List<CommitRecord.Row> fresh, Map<String, byte[]> keep, Catalog catalog, Stamp stamp)
      throws StoreException {
    if (file == null) {
      return false;
    }
    CommitRecord record =
        new CommitRecord(taken(), catalog.rev(), keeper.print(catalog), stamp, fresh, keep);
    byte[] bytes = record.encode();
    int parts = JournalPages.parts(bytes.length);
    if (parts > JournalFile.PAGES / 2) {
      return false;
    }
    if (used() + parts > JournalFile.PAGES) {
      database.transaction("take over the journal file", this::takeIn);
      record = new CommitRecord(taken(), catalog.rev(), keeper.print(catalog), stamp, fresh, keep);
      bytes = record.encode();
    }
    JournalFile into = file;
    int page = into.next();
    last++;
    try {
      into.write(last, bytes);
    } catch (IOException e) {
      // Whether the record is on the disk is not known: its number is used up, and it goes into the
      // database with everything before it, which makes whatever the file says of it void.
      file = null;
      keeper.failed(into, e);
      return false;
    }
    for (CommitRecord.Row row : fresh) {
      lane(row.lane()).add(new JournalLane.Pending(last, page, catalog.rev(), stamp, row));
    }
    kept.putAll(keep);
    lastStamp = stamp;
    return true;
  }

  private void inDatabase(
      List<CommitRecord.Row> fresh, Map<String, byte[]> keep, long rev, Stamp stamp)
      throws StoreException {
    database.transaction(
        "commit to the journal",
        () -> {
          takeIn();
          for (CommitRecord.Row row : fresh) {
            put(row, rev, stamp);
          }
          arriving.putAll(keep);
          inserted = true;
          return true;
        });
    keeper.putFailedAside();
  }

  private List<Long> taken() {
    return lanes.stream().map(JournalLane::taken).toList();
  }

  /** Pages from the oldest row that is needed to the newest. */
  private int used() {
    JournalLane.Pending oldest = null;
    for (JournalLane lane : lanes) {
      JournalLane.Pending first = lane.first();
      if (first != null && (oldest == null || first.number() < oldest.number())) {
        oldest = first;
      }
    }
    if (oldest == null || file == null) {
      return 0;
    }
    int pages = Math.floorMod(file.next() - oldest.page(), JournalFile.PAGES);
    return pages == 0 ? JournalFile.PAGES : pages;
  }

  /** Inside a transaction: the database takes every row of the file. */
  boolean takeIn() throws SQLException {
    for (JournalLane lane : lanes) {
      lane.takeIn();
    }
    return true;
  }

  /** Inside a transaction: a row after all others of its lane; how many bytes it has. */
  int insert(Lane lane, JournalRow row, long rev) throws SQLException {
    lane(lane).takeIn();
    byte[] body = row.encode();
    put(
        new CommitRecord.Row(lane, next(lane), row.count(), row.readings(), body),
        rev,
        row.lastStamp());
    return body.length;
  }

  private void put(CommitRecord.Row row, long rev, Stamp stamp) throws SQLException {
    lane(row.lane()).put(row, rev, stamp);
    inserted = true;
  }

  /** The lane's oldest rows. */
  List<Row> rows(Lane lane, int most) throws SQLException {
    return lane(lane).rows(most);
  }

  /** Inside a transaction: these oldest rows of the lane are sealed. */
  void forget(Lane lane, List<Row> sealed) throws SQLException {
    lane(lane).forget(sealed);
  }

  /** The number of the lane's next sample or event. */
  long next(Lane lane) {
    return lane(lane).next();
  }

  Store.Waiting waiting(Lane lane) throws SQLException {
    return lane(lane).waiting();
  }

  Optional<byte[]> kept(String asset) throws SQLException {
    byte[] newer = kept.get(asset);
    return newer == null ? table.kept(asset) : Optional.of(newer);
  }

  /** Inside a transaction. */
  void keep(String asset, byte[] numbers) throws SQLException {
    table.keep(asset, numbers);
  }

  boolean hasFile() {
    return file != null;
  }

  /** Tries to have a file again, now and then; whether there is one now that was not before. */
  boolean restore(long nowNanos) throws StoreException {
    if (file != null || !keeper.isWanted() || nowNanos < retryNanos) {
      return false;
    }
    retryNanos = nowNanos + RETRY_NANOS;
    database.transaction("take over the journal file", this::takeIn);
    file = keeper.again();
    return file != null;
  }

  private boolean isTouched() {
    return inserted || lanes.stream().anyMatch(JournalLane::isGoing);
  }

  @Override
  public void write() throws SQLException {
    if (!isTouched()) {
      return;
    }
    for (JournalLane lane : lanes) {
      lane.write(last);
    }
    Map<String, byte[]> now = new HashMap<>(kept);
    now.putAll(arriving);
    for (Map.Entry<String, byte[]> entry : now.entrySet()) {
      table.keep(entry.getKey(), entry.getValue());
    }
  }

  @Override
  public void written() {
    if (!isTouched()) {
      return;
    }
    lanes.forEach(lane -> lane.written(last));
    kept.clear();
    settle();
  }

  @Override
  public void undone() {
    lanes.forEach(JournalLane::undone);
    settle();
  }

  private void settle() {
    arriving.clear();
    inserted = false;
  }

  private JournalLane lane(Lane lane) {
    return lanes.get(lane.number());
  }

  void close() throws IOException {
    JournalFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }
}
