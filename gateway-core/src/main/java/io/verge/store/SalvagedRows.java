package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Catalog;
import io.verge.model.Lane;
import io.verge.wire.CatalogCodec;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a damaged database still says, row by row. It is only read, and any of it may be unreadable:
 * that is part of an answer, or the answer is the one that brings a row over rather twice than
 * never. Store thread only.
 */
final class SalvagedRows implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SalvagedRows.class);

  /** A file so damaged that its highest row can't be asked for is tried up to here. */
  private static final long BLIND_ROWS = 100_000;

  /** A row as found; unreadable: it is there, or may be, and can't be read. */
  record Found(boolean isUnreadable, int lane, long key, long catalog, byte[] bytes) {
    Found(ResultSet row) throws SQLException {
      this(
          !isLane(row.getInt(1)),
          row.getInt(1),
          row.getLong(2),
          row.getLong(3),
          Objects.requireNonNullElse(row.getBytes(4), new byte[0]));
    }
  }

  private final Database from;
  private final Map<Long, Optional<Catalog>> catalogs = new HashMap<>();
  private final long lastBatch;
  private final long lastRow;
  private long failures;

  private SalvagedRows(Database from, boolean isReadable) {
    this.from = from;
    this.lastBatch = isReadable ? last("SELECT max(rowid) FROM batch") : 0;
    this.lastRow = isReadable ? last("SELECT max(id) FROM journal") : 0;
  }

  /**
   * @throws SQLException if nothing can be read.
   */
  static SalvagedRows open(Path damaged) throws SQLException {
    Database from = Database.openToRead(damaged);
    try {
      from.number("SELECT count(*) FROM sqlite_schema");
      return new SalvagedRows(from, true);
    } catch (SQLException e) {
      from.closeAfter(e);
      throw e;
    }
  }

  /** Of a database that can't be read. */
  static SalvagedRows none() throws SQLException {
    return new SalvagedRows(Database.inMemory(), false);
  }

  /**
   * What drivers kept: wanted before the first poll, and small. Of the journal file beside the
   * database too.
   */
  static Map<String, byte[]> kept(Path damaged) {
    Map<String, byte[]> kept = new HashMap<>();
    long taken = 0;
    try (Database from = Database.openToRead(damaged)) {
      taken = taken(from);
      from.query(
          "SELECT asset, numbers FROM keep",
          Database.NOTHING,
          row -> {
            while (row.next()) {
              kept.put(row.getString(1), row.getBytes(2));
            }
            return true;
          });
    } catch (SQLException e) {
      LOG.warn("what drivers kept can't be read from {}: {}", damaged, e.getMessage());
    }
    kept.putAll(SalvagedCommits.beside(damaged).kept(taken));
    return kept;
  }

  private static long taken(Database from) {
    try {
      return from.number("SELECT min(taken) FROM lane");
    } catch (SQLException e) {
      LOG.warn("how much of the journal file was taken can't be read: {}", e.getMessage());
      return 0;
    }
  }

  /** The highest rowid of a batch, as far as it can be told. */
  long lastBatch() {
    return lastBatch;
  }

  /** The highest id of a journal row, as far as it can be told. */
  long lastRow() {
    return lastRow;
  }

  private long last(String sql) {
    try {
      return from.number(sql);
    } catch (SQLException e) {
      return BLIND_ROWS;
    }
  }

  /** What the database had of a lane; as if nothing, where it does not say. */
  JournalTable.Mark mark(Lane lane) {
    long next = had("SELECT max(rseq_first+samples) FROM batch WHERE lane=?", lane);
    return new JournalTable.Mark(
        Math.max(next, had("SELECT next_rseq FROM lane WHERE lane=?", lane)),
        had("SELECT taken FROM lane WHERE lane=?", lane));
  }

  private long had(String sql, Lane lane) {
    try {
      return from.number(sql, 0, s -> s.setInt(1, lane.number()));
    } catch (SQLException e) {
      return 0; // unreadable: rather twice than never
    }
  }

  /** How far an uplink had acked a lane. */
  long cursor(String uplink, Lane lane) {
    try {
      return from.number(
          "SELECT bseq FROM cursor WHERE uplink=? AND lane=?",
          0,
          s -> {
            s.setString(1, uplink);
            s.setInt(2, lane.number());
          });
    } catch (SQLException e) {
      return 0; // unreadable: rather twice than never
    }
  }

  /** A sealed batch, or null: there is none; its key is its number, its bytes the message. */
  @Nullable Found batch(long rowid) {
    return find("SELECT * FROM batch WHERE rowid=?", rowid, SalvagedRows::batch);
  }

  /** A journal row, or null: there is none; its bytes are its body. */
  @Nullable Found row(long id) {
    return find("SELECT lane, id, catalog, body FROM journal WHERE id=?", id, Found::new);
  }

  /** Rows in sequence that could not be read. */
  long failures() {
    return failures;
  }

  private static Found batch(ResultSet row) throws SQLException {
    byte[] message = row.getBytes(7);
    int lane = row.getInt(1);
    return new Found(
        !isLane(lane) || !Batches.isWhole(row, message),
        lane,
        row.getLong(2),
        row.getLong(6),
        Objects.requireNonNullElse(message, new byte[0]));
  }

  private static boolean isLane(int lane) {
    return lane >= 0 && lane < Lane.values().length;
  }

  private @Nullable Found find(String sql, long id, Database.Reading<Found> reading) {
    try {
      Optional<Found> found =
          from.query(
              sql,
              s -> s.setLong(1, id),
              row -> row.next() ? Optional.of(reading.of(row)) : Optional.empty());
      failures = 0;
      return found.orElse(null);
    } catch (SQLException e) {
      failures++;
      return new Found(true, 0, 0, 0, new byte[0]);
    }
  }

  /**
   * A catalog by its revision.
   *
   * @param current in use now: taken where only the index says that it is the same.
   */
  Optional<Catalog> catalog(long rev, Catalog current) {
    return catalogs.computeIfAbsent(rev, unknown -> read(unknown, current));
  }

  private Optional<Catalog> read(long rev, Catalog current) {
    try {
      Optional<byte[]> message = new Catalogs(from).message(rev);
      if (message.isPresent()
          && CatalogCodec.decode(message.get()) instanceof Decoded.Valid<Catalog> valid) {
        return Optional.of(valid.value());
      }
    } catch (SQLException e) {
      LOG.warn("catalog {} can't be read: {}", rev, e.getMessage());
    }
    return isCurrent(rev, current) ? Optional.of(current.withRev(rev)) : Optional.empty();
  }

  /** Whether the index still says that this revision is what is in use now. */
  private boolean isCurrent(long rev, Catalog current) {
    byte[] sha256 = CatalogCodec.sha256(current);
    try {
      return from.number("SELECT rev FROM catalog WHERE sha256=?", 0, s -> s.setBytes(1, sha256))
          == rev;
    } catch (SQLException e) {
      LOG.warn("nor can its index: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public void close() {
    from.closeAfter(null);
  }
}
