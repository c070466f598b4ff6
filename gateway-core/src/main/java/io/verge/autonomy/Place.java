package io.verge.autonomy;

import java.time.ZoneId;

/**
 * Where a site is.
 *
 * @param latitude degrees, north positive, -90..90.
 * @param longitude degrees, east positive, -180..180.
 */
public record Place(double latitude, double longitude, ZoneId zone) {
  public Place {
    if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180)) {
      throw new IllegalArgumentException("latitude " + latitude + ", longitude " + longitude);
    }
  }
}
