/** CoAP and DTLS 1.2 through Eclipse Californium, used nowhere else. Its threads only enqueue. */
@NullMarked
package io.verge.uplink.coap;

import org.jspecify.annotations.NullMarked;
