package io.verge.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection whose n-th call into SQLite fails, and those after it for a while. */
final class Faults implements Database.Connector {
  /** SQLite's result codes. */
  static final int IOERR = 10;

  static final int FULL = 13;
  static final int BUSY = 5;

  private final int code;
  private long failAt;
  private long failUntil;
  private long calls;

  /**
   * @param n the first call that fails, from 1 on.
   * @param length how many fail.
   */
  Faults(int code, long n, long length) {
    this.code = code;
    this.failAt = n;
    this.failUntil = n + length;
  }

  long calls() {
    return calls;
  }

  boolean isOver() {
    return calls >= failUntil;
  }

  void failFromNow() {
    failAt = 0;
    failUntil = Long.MAX_VALUE;
  }

  void heal() {
    failAt = Long.MAX_VALUE;
    failUntil = 0;
  }

  @Override
  public Connection connect(String url) throws SQLException {
    return wrap(Connection.class, DriverManager.getConnection(url));
  }

  private <T> T wrap(Class<T> type, Object real) {
    InvocationHandler handler =
        (proxy, method, args) -> {
          boolean isCall = method.getName().startsWith("execute");
          if (isCall && ++calls >= failAt && calls < failUntil) {
            if (code != BUSY && real instanceof Statement statement) {
              // As sqlite-jdbc does: after such an error the statement is gone.
              statement.close();
            }
            throw new SQLException("[injected " + code + "] call " + calls, "", code);
          }
          try {
            Object result = method.invoke(real, args);
            if (result instanceof PreparedStatement prepared) {
              return wrap(PreparedStatement.class, prepared);
            }
            return result instanceof Statement statement
                ? wrap(Statement.class, statement)
                : result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return type.cast(
        Proxy.newProxyInstance(Faults.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
