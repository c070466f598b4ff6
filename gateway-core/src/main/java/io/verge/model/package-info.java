/**
 * The vocabulary as values: lanes, samples, events, gaps, catalog, commands. Knows nothing else;
 * any thread.
 */
@NullMarked
package io.verge.model;

import org.jspecify.annotations.NullMarked;
