/** {@code verge demo} and {@code verge simulate}: the street and the city on one computer. */
@NullMarked
package io.verge.simulator.demo;

import org.jspecify.annotations.NullMarked;
