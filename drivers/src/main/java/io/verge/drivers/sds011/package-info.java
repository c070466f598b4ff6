/**
 * Nova SDS011: particulate matter by laser scattering. Sends a frame once a second, 9600 8N1.
 *
 * <pre>
 * offset  size  field
 * 0       1     AA
 * 1       1     C0 data; C5 answer to a command; CF data of the SDS198
 * 2       2     PM2.5 in 0.1 ug/m3, low byte first
 * 4       2     PM10 in 0.1 ug/m3, low byte first (SDS198: PM100 in ug/m3)
 * 6       2     the sensor's id
 * 8       1     sum of bytes 2..7, modulo 256
 * 9       1     AB
 *
 * command: AA B4 data(15) sum AB, the last two data bytes the id, FF FF for any
 * </pre>
 *
 * Source: Nova Fitness, laser dust sensor control protocol V1.3.
 */
@NullMarked
package io.verge.drivers.sds011;

import org.jspecify.annotations.NullMarked;
