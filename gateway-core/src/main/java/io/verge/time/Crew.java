package io.verge.time;

/** Steps workers. */
public interface Crew {
  /** Starts stepping {@code worker}; ownership passes to the crew. */
  void start(Worker worker);

  /** Stops and closes the worker; returns when it is closed. */
  void stop(Worker worker);
}
