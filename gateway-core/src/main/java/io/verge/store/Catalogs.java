package io.verge.store;

import io.verge.model.Catalog;
import io.verge.wire.CatalogCodec;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The catalogs that journal rows and batches name. Store thread only. */
final class Catalogs {
  /** Revisions kept decoded: a backlog rarely spans more changes of a configuration. */
  private static final int DECODED_MAX = 4;

  private final Database database;
  private final Map<Long, Catalog> decoded =
      new LinkedHashMap<>(8, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Catalog> eldest) {
          return size() > DECODED_MAX;
        }
      };

  Catalogs(Database database) {
    this.database = database;
  }

  /** Inside a transaction: equal content keeps its revision. */
  Catalog number(Catalog wanted) throws SQLException {
    byte[] sha256 = CatalogCodec.sha256(wanted);
    long known =
        database.number("SELECT rev FROM catalog WHERE sha256=?", 0, s -> s.setBytes(1, sha256));
    if (known > 0) {
      return wanted.withRev(known);
    }
    Catalog fresh = wanted.withRev(newest() + 1);
    database.update(
        "INSERT INTO catalog VALUES(?, ?, ?)",
        s -> {
          s.setLong(1, fresh.rev());
          s.setBytes(2, sha256);
          s.setBytes(3, CatalogCodec.encode(fresh));
        });
    return fresh;
  }

  long newest() throws SQLException {
    return database.number("SELECT ifnull(max(rev), 0) FROM catalog");
  }

  Optional<byte[]> message(long rev) throws SQLException {
    return database.query(
        "SELECT message FROM catalog WHERE rev=?",
        s -> s.setLong(1, rev),
        row -> row.next() ? Optional.of(row.getBytes(1)) : Optional.<byte[]>empty());
  }

  Catalog of(long rev) throws SQLException {
    Catalog known = decoded.get(rev);
    if (known == null) {
      byte[] message =
          message(rev)
              .orElseThrow(
                  () -> new SQLException("catalog " + rev + " is named and not stored", "", 11));
      known = CatalogCodec.decode(message).orThrow();
      decoded.put(rev, known);
    }
    return known;
  }
}
