/**
 * A small MQTT 5 broker inside this process. Rules in {@code Hub}, which knows no sockets and takes
 * the time as an argument; one selector thread owns it.
 */
@NullMarked
package io.verge.simulator.broker;

import org.jspecify.annotations.NullMarked;
