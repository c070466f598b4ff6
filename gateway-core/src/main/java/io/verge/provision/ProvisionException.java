package io.verge.provision;

import io.verge.config.Problem;
import java.util.List;

/** Why a site file was not taken; nothing was changed. */
public final class ProvisionException extends Exception {
  private final List<String> problems;

  ProvisionException(List<String> problems) {
    super(problems.size() + " problems");
    this.problems = List.copyOf(problems);
  }

  static ProvisionException of(List<Problem> problems) {
    return new ProvisionException(problems.stream().map(Problem::toString).toList());
  }

  /** One line each, with its place. */
  public List<String> problems() {
    return problems;
  }
}
