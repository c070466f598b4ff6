/**
 * Everything that reads bytes from outside, before bytes that a fuzzer makes: {@code
 * packaging/faults fuzz}. What it found worth keeping is tried again in every build.
 */
@NullMarked
package io.verge.fuzz;

import org.jspecify.annotations.NullMarked;
