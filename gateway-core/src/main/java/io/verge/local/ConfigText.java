package io.verge.local;

/**
 * A version of the configuration, as it was written.
 *
 * @param number of the version; 0: it runs, and could not be recorded.
 * @param file the file that people edit; what the text names is sought beside it.
 */
public record ConfigText(long number, String file, String toml) {}
