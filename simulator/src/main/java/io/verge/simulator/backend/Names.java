package io.verge.simulator.backend;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers for names that every row repeats. Called inside the ledger's transactions. */
final class Names {
  /** Names remembered; beyond that the memory starts anew. */
  private static final int CACHE_MAX = 50_000;

  private final Connection connection;
  private final Map<String, Long> cache = new HashMap<>();
  private int generation;

  Names(Connection connection) {
    this.connection = connection;
  }

  /** Drops what a transaction that was rolled back may have numbered. */
  void forget() {
    cache.clear();
    generation++;
  }

  /** Changes whenever numbers given out before may no longer be true. */
  int generation() {
    return generation;
  }

  @Nullable Long findSource(String gateway, long epoch) throws SQLException {
    return find("SELECT id FROM source WHERE gateway=? AND epoch=?", gateway, epoch);
  }

  long source(String gateway, long epoch) throws SQLException {
    return number(
        "source",
        "SELECT id FROM source WHERE gateway=? AND epoch=?",
        "INSERT INTO source(gateway, epoch) VALUES(?,?) ON CONFLICT DO NOTHING",
        gateway,
        epoch);
  }

  long asset(String gateway, String name, String type) throws SQLException {
    return number(
        "asset",
        "SELECT id FROM asset WHERE gateway=? AND name=? AND type=?",
        "INSERT INTO asset(gateway, name, type) VALUES(?,?,?) ON CONFLICT DO NOTHING",
        gateway,
        name,
        type);
  }

  long point(String name, String unit, int decimals) throws SQLException {
    return number(
        "point",
        "SELECT id FROM point WHERE name=? AND unit=? AND decimals=?",
        "INSERT INTO point(name, unit, decimals) VALUES(?,?,?) ON CONFLICT DO NOTHING",
        name,
        unit,
        decimals);
  }

  private long number(String table, String select, String insert, Object... key)
      throws SQLException {
    StringBuilder cacheKey = new StringBuilder(table);
    for (Object part : key) {
      cacheKey.append('\0').append(part);
    }
    Long known = cache.get(cacheKey.toString());
    if (known == null) {
      known = find(select, key);
    }
    if (known == null) {
      try (PreparedStatement statement = connection.prepareStatement(insert)) {
        bind(statement, key);
        statement.executeUpdate();
      }
      known = find(select, key);
    }
    if (known == null) {
      throw new SQLException("a new row of " + table + " can't be found");
    }
    if (cache.size() >= CACHE_MAX) {
      cache.clear();
    }
    cache.put(cacheKey.toString(), known);
    return known;
  }

  private @Nullable Long find(String select, Object... key) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(select)) {
      bind(statement, key);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? (Long) row.getLong(1) : null;
      }
    }
  }

  private static void bind(PreparedStatement statement, Object... key) throws SQLException {
    for (int i = 0; i < key.length; i++) {
      statement.setObject(i + 1, key[i]);
    }
  }
}
