/** Wires on TCP: what an RS-485-to-Ethernet converter is to the gateway. */
@NullMarked
package io.verge.simulator.wire;

import org.jspecify.annotations.NullMarked;
