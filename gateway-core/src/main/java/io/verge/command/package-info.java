/** Commands: checked, remembered, executed once, and accounted for. */
@NullMarked
package io.verge.command;

import org.jspecify.annotations.NullMarked;
