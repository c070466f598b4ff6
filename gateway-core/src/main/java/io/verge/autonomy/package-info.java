/**
 * What the gateway does by itself: the lamp plan and the rules. Rules are pure functions with the
 * time as an argument; each has a small worker beside it.
 */
@NullMarked
package io.verge.autonomy;

import org.jspecify.annotations.NullMarked;
