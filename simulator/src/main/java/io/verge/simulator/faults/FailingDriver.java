package io.verge.simulator.faults;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stands between JDBC's driver manager and SQLite in this process, so that what ships needs no hook
 * to be failed: every execution of a statement is shown to a {@link Meddler} first.
 */
final class FailingDriver implements Driver {
  /** Sees every call into SQLite before it is made. */
  interface Meddler {
    /**
     * @param sql text of the call, or empty where a prepared statement is run again.
     * @return what is executed instead.
     * @throws SQLException what the call is to end with.
     */
    String before(long number, String sql) throws SQLException;
  }

  private static final int BUSY = 5;

  private final Driver real;
  private volatile Meddler meddler;
  private long calls;

  private FailingDriver(Driver real, Meddler meddler) {
    this.real = real;
    this.meddler = meddler;
  }

  /** Takes SQLite's place. */
  static FailingDriver install(Meddler meddler) throws SQLException {
    Driver real = DriverManager.getDriver("jdbc:sqlite:");
    if (real instanceof FailingDriver failing) {
      failing.meddler = meddler;
      return failing;
    }
    DriverManager.deregisterDriver(real);
    FailingDriver failing = new FailingDriver(real, meddler);
    DriverManager.registerDriver(failing);
    return failing;
  }

  /** Gives SQLite its place back. */
  void remove() throws SQLException {
    DriverManager.deregisterDriver(this);
    DriverManager.registerDriver(real);
  }

  /** Another meddler; calls are counted from 1 again. */
  void reset(Meddler next) {
    meddler = next;
    calls = 0;
  }

  long calls() {
    return calls;
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    Connection connection = real.connect(url, info);
    return connection == null ? null : wrap(Connection.class, connection);
  }

  private <T> T wrap(Class<T> type, Object target) {
    Object proxy =
        Proxy.newProxyInstance(
            FailingDriver.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              Object @Nullable [] passed = arguments;
              if (method.getName().startsWith("execute")) {
                boolean hasText = arguments != null && arguments.length > 0;
                String sql = before(target, hasText ? (String) arguments[0] : "");
                passed = hasText ? with(arguments, sql) : arguments;
              }
              try {
                return wrapped(method.invoke(target, passed));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return type.cast(proxy);
  }

  /** sqlite-jdbc finalizes a statement that ended with any error but a few like busy. */
  private String before(Object target, String sql) throws SQLException {
    try {
      return meddler.before(++calls, sql);
    } catch (SQLException e) {
      if (e.getErrorCode() != BUSY && target instanceof Statement statement) {
        statement.close();
      }
      throw e;
    }
  }

  private static Object[] with(Object[] arguments, String sql) {
    Object[] changed = arguments.clone();
    changed[0] = sql;
    return changed;
  }

  private @Nullable Object wrapped(@Nullable Object result) {
    if (result instanceof PreparedStatement prepared) {
      return wrap(PreparedStatement.class, prepared);
    }
    return result instanceof Statement statement ? wrap(Statement.class, statement) : result;
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return real.acceptsURL(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    return real.getPropertyInfo(url, info);
  }

  @Override
  public int getMajorVersion() {
    return real.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return real.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return real.jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("io.verge.simulator.faults");
  }
}
