/**
 * Asks devices: pure schedule and circuit breaker, and one worker a bus that owns turnaround,
 * silence, retries and echo. Bus threads.
 */
@NullMarked
package io.verge.poll;

import org.jspecify.annotations.NullMarked;
