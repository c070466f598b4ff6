package io.verge.poll;

import io.verge.driver.Driver;
import io.verge.model.Lane;

/**
 * One device of a bus as its worker polls it.
 *
 * @param device index in the catalog.
 * @param asset the asset's id.
 * @param everyMs interval between polls.
 */
public record Polled(int device, String asset, Lane lane, Driver driver, long everyMs) {}
