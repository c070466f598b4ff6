package io.verge.uplink.coap;

import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.util.DaemonThreadFactory;
import org.eclipse.californium.elements.util.ExecutorsUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One CoAP endpoint for one connection. CoAP has no connections: this one is up when the back end
 * has answered the observation of {@code command}, and down when it leaves a request unanswered or
 * refuses it. Everything below {@code open} runs on the endpoint's one thread. One request is under
 * way at a time, as RFC 7252 (section 4.7) asks, which also keeps batches in order.
 */
final class CoapConnection implements UplinkTransport {
  private static final Logger LOG = LoggerFactory.getLogger(CoapConnection.class);

  /** More than the session has under way, since it may give up and send again. */
  private static final int WAITING_MAX = 32;

  private static final long CLOSE_MS = 800;

  /** A renewal that is taken and not answered for so long ends the connection. */
  private static final long SILENCE_MS_MAX = 60_000;

  private final UplinkSettings settings;
  private final int port;
  private final long answerMs;
  private final SecureSessions sessions;
  private final Traffic traffic = new Traffic();
  private final Object gate = new Object();
  private @Nullable Listener listener;
  private volatile @Nullable ScheduledExecutorService thread;

  private final Queue<Question> waiting = new ArrayDeque<>();
  private @Nullable Question current;
  private @Nullable CoapEndpoint endpoint;
  private @Nullable Requests requests;
  private @Nullable Token observation;
  private byte[] lastCommand = {};
  private boolean ended;
  private @Nullable Question renewal;
  private long silentMs;

  CoapConnection(UplinkSettings settings, int defaultPort, long answerMs, SecureSessions sessions) {
    this.sessions = sessions;
    this.answerMs = answerMs;
    this.settings = settings;
    this.port = settings.uri().getPort() < 0 ? defaultPort : settings.uri().getPort();
  }

  @Override
  public void open(Listener opening) {
    listener = opening;
    ScheduledExecutorService fresh =
        ExecutorsUtil.newSingleThreadScheduledExecutor(
            new DaemonThreadFactory("coap " + settings.name() + " "));
    thread = fresh;
    fresh.execute(() -> connect(fresh));
  }

  private void connect(ScheduledExecutorService own) {
    String host = settings.uri().getHost();
    try {
      InetSocketAddress server = new InetSocketAddress(InetAddress.getByName(host), port);
      CoapEndpoint made =
          "coaps".equals(settings.uri().getScheme())
              ? Endpoints.secure(settings, traffic, answerMs, sessions)
              : Endpoints.plain(traffic, answerMs);
      endpoint = made;
      made.setExecutors(own, own);
      made.addNotificationListener(
          (request, response) -> run(() -> notified(request.getToken(), response)));
      made.start();
      requests = new Requests(settings, server);
    } catch (UnknownHostException e) {
      end(new Failure(host + " is not known", false));
      return;
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      end(new Failure(String.valueOf(e.getMessage()), !(e instanceof SocketException)));
      return;
    }
    observe(
        response -> {
          tell(Listener::up);
          command(response);
        });
    long interval = settings.keepAliveMs();
    own.scheduleWithFixedDelay(this::renew, interval, interval, TimeUnit.MILLISECONDS);
  }

  /** Hands work to the connection's thread; after a close there is nothing left to do. */
  private void run(Runnable work) {
    ScheduledExecutorService own = thread;
    if (own != null) {
      try {
        own.execute(work);
      } catch (RejectedExecutionException e) {
        LOG.debug("uplink {}: closed meanwhile", settings.name());
      }
    }
  }

  private void tell(Consumer<Listener> what) {
    synchronized (gate) {
      if (listener != null) {
        what.accept(listener);
      }
    }
  }

  private void end(Failure failure) {
    if (!ended) {
      ended = true;
      waiting.clear();
      tell(to -> to.down(failure.why(), failure.refused()));
    }
  }

  private void ask(Question question) {
    if (!ended) {
      waiting.add(question);
      next();
    }
  }

  private void next() {
    CoapEndpoint at = endpoint;
    if (current != null || ended || at == null) {
      return;
    }
    Question question = waiting.poll();
    if (question != null) {
      current = question;
      question.watch(what -> run(() -> finished(question, what)));
      at.sendRequest(question.request());
    }
  }

  private void finished(Question question, Runnable what) {
    if (current == question) {
      current = null;
      if (!ended) {
        what.run();
      }
      next();
    }
  }

  private @Nullable Question observe(Consumer<Response> then) {
    Requests make = requests;
    if (make == null) {
      return null;
    }
    Request request = make.observe(observation);
    Question question =
        new Question(
            request,
            response -> {
              Failure failure = Failure.of(response);
              if (failure.refused()) {
                end(failure);
              } else {
                // A back end without commands says 4.04 or 4.05, and may still take batches.
                observation = request.getToken();
                then.accept(response);
              }
            },
            this::end);
    ask(question);
    return question;
  }

  /** Keeps the NAT's mapping and the observation alive, and finds out whether the server is. */
  private void renew() {
    if (renewal == null) {
      silentMs = 0;
      renewal =
          observe(
              response -> {
                renewal = null;
                command(response);
              });
    } else if (current == renewal) {
      silentMs += settings.keepAliveMs();
      if (silentMs >= SILENCE_MS_MAX) {
        end(new Failure("no answer from the back end", false));
      }
    }
  }

  private void notified(Token token, Response response) {
    if (!ended && token.equals(observation)) {
      command(response);
    }
  }

  /** An empty payload is no command; a resource that only repeats its state is heard once. */
  private void command(Response response) {
    byte[] payload = response.getPayload();
    if (response.isSuccess() && payload.length > 0 && !Arrays.equals(payload, lastCommand)) {
      lastCommand = payload.clone();
      tell(to -> to.command(payload));
    }
  }

  @Override
  public void send(Kind kind, long token, byte[] message) {
    run(() -> begin(kind, token, message));
  }

  private void begin(Kind kind, long token, byte[] message) {
    Requests make = requests;
    if (ended || make == null || waiting.size() >= WAITING_MAX) {
      String why = ended || make == null ? "not connected" : "too many messages wait";
      tell(to -> to.failed(token, why));
    } else if (kind == Kind.STATE) {
      // CoAP has no resource for it: a back end sees when it last heard of a gateway.
      tell(to -> to.taken(token));
    } else {
      Code code = kind == Kind.CATALOG ? Code.PUT : Code.POST;
      ask(
          new Question(
              make.carry(code, kind, message),
              response -> answered(kind, token, response),
              this::end));
    }
  }

  private void answered(Kind kind, long token, Response response) {
    if (!response.isSuccess()) {
      Failure failure = Failure.of(response);
      if (failure.refused()) {
        end(failure);
      } else if (failure.isOfMessage()) {
        tell(to -> to.rejected(token, failure.why()));
      } else {
        tell(to -> to.failed(token, failure.why()));
      }
      return;
    }
    tell(to -> to.taken(token));
    byte[] payload = response.getPayload();
    if (kind != Kind.CATALOG && payload.length > 0) {
      tell(to -> to.ack(payload));
    }
  }

  @Override
  public long[] byteCounts() {
    return traffic.counts();
  }

  @Override
  public void close() {
    synchronized (gate) {
      listener = null;
    }
    ScheduledExecutorService own = thread;
    thread = null;
    if (own == null) {
      return;
    }
    Future<?> gone = own.submit(this::destroy);
    own.shutdown();
    try {
      gone.get(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.debug("uplink {}: the endpoint closes later", settings.name());
    } catch (ExecutionException e) {
      LOG.warn("uplink {}: closing: {}", settings.name(), String.valueOf(e.getCause()));
    }
  }

  private void destroy() {
    ended = true;
    waiting.clear();
    if (endpoint != null) {
      endpoint.destroy();
    }
  }
}
