package io.verge.store;

/**
 * How a limit in bytes is shared out, in pages of {@link Database#PAGE} bytes. Pure.
 *
 * <pre>
 * max = database (hard) + write-ahead log + its index + ballast + journal file
 *       └ in use (soft) + room for one transaction
 * </pre>
 *
 * @param walPages the log is written back once it has so many.
 * @param burstPages the most one transaction changes.
 * @param ballastBytes kept for the day the disk is full.
 * @param hardPages SQLite itself refuses more.
 * @param softPages something gives way above it.
 */
record Limits(int walPages, int burstPages, long ballastBytes, long hardPages, long softPages) {
  /** Header of a page in the log. */
  static final int FRAME = 24;

  private static final int WAL_PAGES_MAX = 256;
  private static final int BURST_PAGES_MAX = 320;

  /**
   * The database takes the whole journal file in at once; of rows just over half a page and others
   * just over a third, three pages of it hold what two of the file did.
   */
  private static final int BURST_PAGES_MIN = JournalFile.PAGES * 3 / 2;

  /** The log's index is made of blocks of this size, one for 4062 pages and one more. */
  private static final long INDEX_BYTES = 64 * 1024;

  static Limits of(long maxBytes) {
    long pages = maxBytes / Database.PAGE;
    int wal = (int) Math.min(WAL_PAGES_MAX, pages / 64);
    int burst = (int) Math.max(BURST_PAGES_MIN, Math.min(BURST_PAGES_MAX, pages / 8));
    long log = (long) (wal + burst) * (Database.PAGE + FRAME) + Database.PAGE;
    long ballast = (long) (wal + burst) * Database.PAGE / 2;
    long hard = (maxBytes - log - INDEX_BYTES - ballast - JournalFile.BYTES) / Database.PAGE;
    return new Limits(wal, burst, ballast, hard, hard - burst);
  }
}
