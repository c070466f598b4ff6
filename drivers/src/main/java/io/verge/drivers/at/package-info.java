/**
 * A cellular modem on its AT port: {@code AT+CSQ\r} and lines until {@code OK} or an error. What
 * the modem tells by itself may stand between them, and blanks after commas.
 *
 * <p>Source: 3GPP TS 27.007, sections 8.5 (CSQ), 8.69 (CESQ), 10.1.22 (CEREG), 7.3 (COPS), 9.2
 * (errors); Quectel EC25 AT manual; logs in ARMmbed/mbed-os issues 12412 and 14510,
 * SeeedJP/WioLTEforArduino 34, 4IceG/luci-app-3ginfo-lite.
 */
@NullMarked
package io.verge.drivers.at;

import org.jspecify.annotations.NullMarked;
