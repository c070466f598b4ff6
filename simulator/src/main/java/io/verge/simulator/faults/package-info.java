/**
 * Fault campaigns: real processes killed, power cut from a disk, calls that fail, full disks; and
 * the books that tell whether anything was lost.
 */
@NullMarked
package io.verge.simulator.faults;

import org.jspecify.annotations.NullMarked;
