package io.verge.update;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The machine an update is made on. */
public interface Host {
  /** Debian's word for its architecture. */
  String arch();

  /** Feature version of the Java runtime that applications are started with. */
  int java();

  /** Bytes that may still be written below a folder. */
  long freeBytes(Path folder) throws IOException;

  /**
   * Makes an unpacked version ready to be started, and tries whether it starts at all and takes the
   * site's configuration; the running gateway does not notice.
   *
   * @throws UpdateException if it does not.
   */
  void prepare(Path application) throws IOException, UpdateException;

  /** Stops the running gateway in order, and starts the version that is current. */
  void restart() throws IOException;

  /** How the running gateway is; null: nobody answers. */
  @Nullable Health health() throws IOException;

  /** Says what goes on, a line. */
  void tell(String line);
}
