package io.verge.uplink.fetch;

/** The server's answer is of no use, and would be of none if it were asked again. */
public final class FetchException extends Exception {
  FetchException(String message) {
    super(message);
  }
}
