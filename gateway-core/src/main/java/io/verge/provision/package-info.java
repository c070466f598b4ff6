/**
 * Turns an installed machine into the gateway of one site: configuration and secrets from one file,
 * keys made here. Works without a network and without a clock.
 */
@NullMarked
package io.verge.provision;

import org.jspecify.annotations.NullMarked;
