/** What others buffer with, given the same readings: run by {@code packaging/bench/store-peers}. */
@org.jspecify.annotations.NullMarked
package io.verge.peers;
