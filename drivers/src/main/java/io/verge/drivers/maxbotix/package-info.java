/**
 * MaxBotix sensors with serial output: {@code R}, decimal digits, carriage return; 9600 8N1.
 *
 * <pre>
 * HRXL, HRLV (MB73xx, MB10x3):  R1234&lt;CR&gt;  four digits, millimetres; 300 and 5000 (or 9999) are
 *                               "nearer" and "farther" than the range
 * XL (MB70xx, MB76xx):          R123&lt;CR&gt;   three digits, centimetres; 765 is "farther"
 * </pre>
 *
 * There is no checksum. Sources: MaxBotix data sheets HRXL-MaxSonar-WR and XL-MaxSonar-WR; esphome
 * component hrxl_maxsonar_wr.
 */
@NullMarked
package io.verge.drivers.maxbotix;

import org.jspecify.annotations.NullMarked;
