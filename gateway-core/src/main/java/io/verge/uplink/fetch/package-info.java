/**
 * Fetches files by an uplink's line, piece by piece: what was fetched is not paid for twice, and
 * every byte is counted against the data plan. On whichever thread asks.
 */
@NullMarked
package io.verge.uplink.fetch;

import org.jspecify.annotations.NullMarked;
