package io.verge.local;

/**
 * How far an uplink is in one lane.
 *
 * @param acked highest batch the back end has acked; 0: none.
 * @param last newest batch there is.
 */
public record CursorView(String lane, long acked, long last) {}
