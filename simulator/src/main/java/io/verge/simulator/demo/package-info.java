/**
 * The whole street on one computer: simulated devices and back end around the real gateway, with a
 * live screen and a reconciliation at the end.
 */
@NullMarked
package io.verge.simulator.demo;

import org.jspecify.annotations.NullMarked;
