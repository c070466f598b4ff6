/** Store and uplinks for tests of back ends. */
@NullMarked
package io.verge.simulator.rig;

import org.jspecify.annotations.NullMarked;
