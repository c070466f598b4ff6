/** Counters and snapshots that status, metrics and the watchdog read. Any thread. */
@NullMarked
package io.verge.health;

import org.jspecify.annotations.NullMarked;
