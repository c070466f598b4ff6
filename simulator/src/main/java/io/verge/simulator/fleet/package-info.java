/**
 * Very many gateways in one process, for sizing a broker and a back end: the product's sessions
 * over real sockets, with one simulated street shared by all.
 */
@NullMarked
package io.verge.simulator.fleet;

import org.jspecify.annotations.NullMarked;
