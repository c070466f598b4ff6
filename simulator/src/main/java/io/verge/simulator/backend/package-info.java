/**
 * A back end for use against real gateways and in simulated worlds: the ledger that proves what
 * arrived, the receiver's rules above it, and the fronts (MQTT, CoAP, and one without sockets) that
 * feed it. Fronts call from their libraries' threads; receiver and ledger take one at a time.
 */
@NullMarked
package io.verge.simulator.backend;

import org.jspecify.annotations.NullMarked;
