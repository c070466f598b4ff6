/**
 * Bounds-checked tools for codecs: reader, writer, hex, checksums, and the outcome of a decode.
 * Pure; any thread.
 */
@NullMarked
package io.verge.bytes;

import org.jspecify.annotations.NullMarked;
