/** Raw TCP to an RS-485-to-Ethernet converter. */
@NullMarked
package io.verge.transport.tcp;

import org.jspecify.annotations.NullMarked;
