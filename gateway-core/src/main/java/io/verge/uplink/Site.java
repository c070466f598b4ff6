package io.verge.uplink;

import io.verge.model.Catalog;
import io.verge.model.Sample;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a codec of another back end asks of the gateway it speaks for. Any thread. */
public interface Site {
  /** Without devices, and counting from zero in this run only. */
  Site NONE =
      new Site() {
        private final java.util.concurrent.atomic.AtomicLong connections =
            new java.util.concurrent.atomic.AtomicLong();

        @Override
        public Catalog catalog() {
          return new Catalog(0, List.of(), List.of());
        }

        @Override
        public @Nullable Sample last(int device) {
          return null;
        }

        @Override
        public long nextConnection() {
          return connections.getAndIncrement();
        }
      };

  /** What is polled now. */
  Catalog catalog();

  /**
   * @param device index in {@link #catalog}.
   * @return its newest sample in this run, or null.
   */
  @Nullable Sample last(int device);

  /** Numbers that this uplink had kept under that name, also in an earlier run; or none. */
  default long[] kept(String what) {
    return new long[0];
  }

  /** Keeps numbers, at most 40, for {@link #kept} of a later run. */
  default void keep(String what, long[] numbers) {}

  /** Number of this uplink's next connection, from 0 on; counts on after a restart. */
  long nextConnection();
}
