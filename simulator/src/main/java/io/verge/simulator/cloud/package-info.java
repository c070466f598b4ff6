/**
 * Clouds that are not there: strict fakes written from the vendors' published texts. That they take
 * something shows that the texts were followed, not that the real cloud takes it.
 */
@NullMarked
package io.verge.simulator.cloud;

import org.jspecify.annotations.NullMarked;
