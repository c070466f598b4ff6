/** A bad network on loopback: a TCP and UDP proxy with latency, little bandwidth, and outages. */
@NullMarked
package io.verge.simulator.link;

import org.jspecify.annotations.NullMarked;
