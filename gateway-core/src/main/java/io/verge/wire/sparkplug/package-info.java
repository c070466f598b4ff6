/**
 * Sparkplug B payloads (Eclipse Sparkplug 3.0.0, chapter 6), written by the specification's field
 * numbers, and what an edge node says with them. Pure.
 */
@NullMarked
package io.verge.wire.sparkplug;

import org.jspecify.annotations.NullMarked;
