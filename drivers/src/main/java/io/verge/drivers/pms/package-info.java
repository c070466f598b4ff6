/**
 * Plantower PMS3003, PMS5003, PMS7003, PMSA003: particulate matter by laser scattering. Sends a
 * frame about once a second, 9600 8N1. All numbers are two bytes, high byte first.
 *
 * <pre>
 * offset  size  field
 * 0       2     42 4D
 * 2       2     bytes that follow: 28 (PMS5003 and later), 20 (PMS3003), 36 (PMS5003ST)
 * 4       6     PM1.0, PM2.5, PM10 in ug/m3 for "standard particles" (CF=1)
 * 10      6     PM1.0, PM2.5, PM10 in ug/m3 under atmospheric conditions
 * 16      12    particles per 0.1 l above 0.3, 0.5, 1.0, 2.5, 5.0, 10 um (not PMS3003)
 * 28      1     version; 29: error code (not PMS3003)
 * end-2   2     sum of all bytes before it, modulo 65536
 * </pre>
 *
 * A command is {@code 42 4D command high low sum sum}; its answer {@code 42 4D 00 04 command data
 * sum sum}. Sources: Plantower data manuals PMS5003 V2.3 and PMS7003 V2.5, appendices A and B.
 */
@NullMarked
package io.verge.drivers.pms;

import org.jspecify.annotations.NullMarked;
