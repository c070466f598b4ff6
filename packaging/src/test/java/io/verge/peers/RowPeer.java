package io.verge.peers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** One row a reading in a table, committed each. */
final class RowPeer implements Peer {
  private final Connection connection;
  private final PreparedStatement insert;

  private RowPeer(Connection connection) throws SQLException {
    this.connection = connection;
    try (Statement sql = connection.createStatement()) {
      sql.execute("CREATE TABLE reading(topic VARCHAR(64), payload VARBINARY(128))");
    }
    insert = connection.prepareStatement("INSERT INTO reading VALUES(?, ?)");
  }

  /** SQLite as safe as it gets: write-ahead log, full synchronisation. */
  static RowPeer sqlite(String folder) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder + "/rows.db");
    try (Statement sql = connection.createStatement()) {
      sql.execute("PRAGMA journal_mode=WAL");
      sql.execute("PRAGMA synchronous=FULL");
    }
    return new RowPeer(connection);
  }

  /** H2 as it comes: it writes within half a second, and does not synchronise at a commit. */
  static RowPeer h2(String folder) throws SQLException {
    return new RowPeer(DriverManager.getConnection("jdbc:h2:file:" + folder + "/rows"));
  }

  @Override
  public void put(Payload reading) throws SQLException {
    insert.setString(1, reading.topic());
    insert.setBytes(2, reading.json());
    insert.executeUpdate();
  }

  @Override
  public void accepted() {}

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
