/**
 * Updates of the application part: signed bundles, application directories side by side, one
 * symbolic link that says which holds, and the judgement whether a new version does its work. Knows
 * neither the gateway nor systemd; {@code docs/updates.md} is the normative text.
 */
@NullMarked
package io.verge.update;

import org.jspecify.annotations.NullMarked;
