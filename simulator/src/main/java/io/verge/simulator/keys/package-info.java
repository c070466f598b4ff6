/** Keys and certificates that live as long as a demo or a test. */
@NullMarked
package io.verge.simulator.keys;

import org.jspecify.annotations.NullMarked;
