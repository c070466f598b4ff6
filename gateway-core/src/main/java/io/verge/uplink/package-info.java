/**
 * The link to one back end: transport seam, pure session machine, and the worker that owns them.
 * One uplink thread each.
 */
@NullMarked
package io.verge.uplink;

import org.jspecify.annotations.NullMarked;
