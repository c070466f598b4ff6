/**
 * All ways to ask for or wait on time, and the workers that are stepped through it. The only
 * package beside {@code runtime} that may start a thread, sleep, or read a clock.
 */
@NullMarked
package io.verge.time;

import org.jspecify.annotations.NullMarked;
