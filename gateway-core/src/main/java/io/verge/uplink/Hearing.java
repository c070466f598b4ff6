package io.verge.uplink;

import java.util.function.LongConsumer;

/**
 * One connection's listener: makes what the transport says, on library threads, inputs of the
 * {@link Session} and of the command desk.
 */
final class Hearing implements UplinkTransport.Listener {
  /** Of a foreign topic in an event: enough to recognise it. */
  private static final int PLACE_MAX = 100;

  private final String uplink;
  private final Inputs inputs;
  private final Session session;
  private final CommandInbox commands;
  private final Runnable hangUp;
  private final long ofConnection;

  /**
   * Of the connection that counts now.
   *
   * @param hangUp closes the transport; run on the uplink thread.
   */
  Hearing(String uplink, Inputs inputs, Session session, CommandInbox commands, Runnable hangUp) {
    this.uplink = uplink;
    this.inputs = inputs;
    this.session = session;
    this.commands = commands;
    this.hangUp = hangUp;
    this.ofConnection = inputs.connection();
  }

  private void heard(LongConsumer what) {
    inputs.add(ofConnection, what);
  }

  private void heardFromOutside(LongConsumer what) {
    inputs.addFromOutside(ofConnection, what);
  }

  @Override
  public void up() {
    heard(session::up);
  }

  @Override
  public void down(String why, boolean refused) {
    heard(
        now -> {
          hangUp.run();
          session.down(now, why, refused);
        });
  }

  @Override
  public void taken(long token) {
    heard(now -> session.taken(token, now));
  }

  @Override
  public void failed(long token, String why) {
    heard(now -> session.failed(token, why, now));
  }

  @Override
  public void rejected(long token, String why) {
    heard(now -> session.rejected(token, why, now));
  }

  @Override
  public void ack(byte[] message) {
    heardFromOutside(now -> session.ack(message, now));
  }

  @Override
  public void command(byte[] message) {
    heardFromOutside(now -> commands.command(uplink, message));
  }

  @Override
  public void foreign(String where, int bytes) {
    String place = where.length() > PLACE_MAX ? where.substring(0, PLACE_MAX) + "…" : where;
    heardFromOutside(
        now -> commands.refused(uplink, "message of " + bytes + " bytes for '" + place + "'"));
  }

  @Override
  public void refused(String why) {
    heardFromOutside(now -> commands.refused(uplink, why));
  }

  @Override
  public void waiting(String why) {
    heard(now -> session.waiting(why));
  }

  @Override
  public void discarded(String why) {
    heardFromOutside(now -> session.discarded(why));
  }
}
