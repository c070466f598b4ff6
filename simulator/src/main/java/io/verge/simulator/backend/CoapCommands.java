package io.verge.simulator.backend;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Predicate;
import org.eclipse.californium.core.CoapResource;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.CoAP.Type;
import org.eclipse.californium.core.coap.MediaTypeRegistry;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.observe.ObserveRelation;
import org.eclipse.californium.core.server.resources.CoapExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code command} of one gateway. A notification only says a resource's newest state; so that no
 * command is skipped, the next one follows when the one before was acknowledged. The answer to the
 * GET itself is empty, since nobody acknowledges an answer.
 */
final class CoapCommands extends CoapResource {
  private static final Logger LOG = LoggerFactory.getLogger(CoapCommands.class);

  /** Commands that wait for a gateway; the oldest goes first when there are more. */
  private static final int WAITING_MAX = 64;

  private final Predicate<CoapExchange> admission;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private byte @Nullable [] underWay;

  CoapCommands(Predicate<CoapExchange> admission) {
    super("command", true);
    this.admission = admission;
    setObservable(true);
    setObserveType(Type.CON);
    getAttributes().addResourceType("verge.command");
    getAttributes().setObservable();
  }

  void add(byte[] command) {
    synchronized (waiting) {
      if (waiting.size() == WAITING_MAX) {
        waiting.remove();
        LOG.warn("{} commands wait for {}: the oldest is given up", WAITING_MAX, getPath());
      }
      waiting.add(command);
    }
    tellNext();
  }

  /** Notifies of the first command that waits, unless one is on its way. */
  private void tellNext() {
    synchronized (waiting) {
      if (underWay != null || waiting.isEmpty() || getObserverCount() == 0) {
        return;
      }
      underWay = waiting.peek();
    }
    changed();
  }

  private void delivered(byte[] command) {
    synchronized (waiting) {
      if (Arrays.equals(waiting.peek(), command)) {
        waiting.remove();
      }
      underWay = null;
    }
    tellNext();
  }

  private void lost() {
    synchronized (waiting) {
      underWay = null;
    }
  }

  @Override
  public void handleGET(CoapExchange exchange) {
    ObserveRelation relation = exchange.advanced().getRelation();
    byte[] command;
    synchronized (waiting) {
      command = underWay;
    }
    if (relation != null && relation.isEstablished() && command != null) {
      exchange.respond(notification(command));
    } else if (admission.test(exchange)) {
      exchange.respond(ResponseCode.CONTENT, new byte[0]);
      lost();
      tellNext();
    }
  }

  private Response notification(byte[] command) {
    Response response = new Response(ResponseCode.CONTENT);
    response.setPayload(command);
    response.getOptions().setContentFormat(MediaTypeRegistry.APPLICATION_OCTET_STREAM);
    response.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onAcknowledgement() {
            delivered(command);
          }

          @Override
          protected void failed() {
            lost();
          }
        });
    return response;
  }
}
