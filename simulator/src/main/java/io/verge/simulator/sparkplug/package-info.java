/**
 * A Sparkplug host that shares nothing with the gateway but the broker: payloads are read by
 * Eclipse Tahu's classes, which are on the class path of a checkout and not part of the product.
 */
@NullMarked
package io.verge.simulator.sparkplug;

import org.jspecify.annotations.NullMarked;
