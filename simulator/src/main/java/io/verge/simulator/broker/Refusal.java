package io.verge.simulator.broker;

/** A client broke the protocol or a limit; the code is MQTT 5's reason code (section 2.4). */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  static final int MALFORMED = 0x81;
  static final int PROTOCOL_ERROR = 0x82;
  static final int UNSUPPORTED_VERSION = 0x84;
  static final int BAD_CREDENTIALS = 0x86;
  static final int SERVER_BUSY = 0x89;
  static final int KEEP_ALIVE_TIMEOUT = 0x8D;
  static final int TAKEN_OVER = 0x8E;
  static final int TOPIC_INVALID = 0x90;
  static final int PACKET_TOO_LARGE = 0x95;
  static final int TOPIC_ALIAS_INVALID = 0x94;
  static final int QUOTA_EXCEEDED = 0x97;
  static final int QOS_NOT_SUPPORTED = 0x9B;

  private final int code;

  Refusal(int code, String why) {
    super(why, null, false, false);
    this.code = code;
  }

  int code() {
    return code;
  }
}
