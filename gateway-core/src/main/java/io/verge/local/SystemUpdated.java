package io.verge.local;

/**
 * An update of the system below the gateway that has ended.
 *
 * @param version of the system that was tried.
 * @param outcome {@code confirmed}, {@code rolled-back} or {@code interrupted}.
 * @param why what was lacking; empty when confirmed.
 */
public record SystemUpdated(String version, String outcome, String why) {}
