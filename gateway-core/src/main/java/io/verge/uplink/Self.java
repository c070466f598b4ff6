package io.verge.uplink;

import io.verge.store.StoreMarks;
import io.verge.wire.Hello;
import io.verge.wire.HelloCodec;
import io.verge.wire.State;

/**
 * Who the gateway says it is.
 *
 * @param config revision of the configuration; may be empty.
 */
record Self(long boot, String version, String config) {
  byte[] state(boolean online, long epoch) {
    return new State(online, epoch, boot, version).encode();
  }

  byte[] hello(StoreMarks marks) {
    return HelloCodec.encode(
        new Hello(
            marks.epoch(),
            boot,
            marks.oldest(),
            marks.next(),
            marks.catalogRev(),
            config,
            version));
  }
}
