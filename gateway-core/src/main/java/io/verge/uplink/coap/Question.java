package io.verge.uplink.coap;

import java.util.function.Consumer;
import org.eclipse.californium.core.coap.MessageObserverAdapter;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;

/** A request that waits its turn, and who hears how it ended: one of both, once. */
record Question(Request request, Consumer<Response> onResponse, Consumer<Failure> onFailure) {
  /**
   * Listens to the library.
   *
   * @param turn told once, on a library thread, with what to do then.
   */
  void watch(Consumer<Runnable> turn) {
    request.addMessageObserver(
        new MessageObserverAdapter() {
          @Override
          public void onResponse(Response response) {
            turn.accept(() -> onResponse.accept(response));
          }

          @Override
          public void onTimeout() {
            fail(new Failure("no answer from the back end", false));
          }

          @Override
          public void onReject() {
            fail(new Failure("the back end rejected the message (RST)", false));
          }

          @Override
          public void onSendError(Throwable error) {
            fail(Failure.of(error));
          }

          @Override
          public void onResponseHandlingError(Throwable error) {
            fail(Failure.of(error));
          }

          private void fail(Failure failure) {
            turn.accept(() -> onFailure.accept(failure));
          }
        });
  }
}
