/** Devices on a wire, written from their documents, never from the gateway's codecs. */
@NullMarked
package io.verge.simulator.device;

import org.jspecify.annotations.NullMarked;
