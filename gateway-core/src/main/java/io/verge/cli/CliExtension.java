package io.verge.cli;

import java.util.List;

/** Adds commands to {@code verge}. Found by {@code ServiceLoader} in {@code runtime}. */
public interface CliExtension {
  /** picocli command objects. */
  List<Object> commands();
}
