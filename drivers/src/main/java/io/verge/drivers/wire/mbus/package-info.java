/**
 * Wired M-Bus: link frames, and the records of a meter's answer.
 *
 * <pre>
 * ack    E5
 * short  10 C A CS 16
 * long   68 L L 68 C A CI data CS 16    L: bytes from C to the end of data; control frame: L = 3
 * CS     sum of the bytes from C to the one before it, modulo 256
 * </pre>
 *
 * Source: EN 13757-2 (link), EN 13757-3 (records), as told by the M-Bus documentation rev. 4.8 and
 * checked against the frames of rscada/libmbus.
 */
@NullMarked
package io.verge.drivers.wire.mbus;

import org.jspecify.annotations.NullMarked;
