/**
 * The wire seam: byte streams and GPIO lines by URI; the real serial, TCP and GPIO ones behind it
 * in sub-packages.
 */
@NullMarked
package io.verge.transport;

import org.jspecify.annotations.NullMarked;
