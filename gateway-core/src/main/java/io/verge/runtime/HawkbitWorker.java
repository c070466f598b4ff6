package io.verge.runtime;

import io.verge.bytes.Decoded;
import io.verge.command.CommandDesk;
import io.verge.config.SiteConfig;
import io.verge.model.Command;
import io.verge.model.Event;
import io.verge.model.Outcome;
import io.verge.model.Severity;
import io.verge.poll.SampleSink;
import io.verge.time.Bell;
import io.verge.time.Stamper;
import io.verge.time.Ticker;
import io.verge.time.Worker;
import io.verge.update.Hawkbit;
import io.verge.update.Hawkbit.State;
import io.verge.uplink.fetch.Fetch;
import io.verge.uplink.fetch.HttpCall;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a hawkBit server for updates. An action becomes the command {@code hawkbit-NUMBER}, so it is
 * remembered, goes on after a power cut, and is audited as one of a back end; at each poll the
 * command is given again, which does nothing but tell what became of it. One request a step.
 */
final class HawkbitWorker implements Worker {
  static final String ORIGIN = "hawkbit";

  private static final Logger LOG = LoggerFactory.getLogger(HawkbitWorker.class);
  private static final String PREFIX = "hawkbit-";
  private static final long FAILED_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long UNDER_WAY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final SiteConfig.Hawkbit settings;
  private final String token;
  private final UpdateFetch.PaidLine line;
  private final CommandDesk desk;
  private final SampleSink events;
  private final Stamper stamper;
  private final Ticker ticker;
  private final Map<String, String> attributes;
  private final String arch;
  private final Bell bell = new Bell();
  private final Fetch.Bytes bytes = new Fetch.Bytes();
  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();

  private @Nullable String underWay;
  private @Nullable URI feedback;
  private String lastTrouble = "";
  private long nextNanos = Long.MIN_VALUE;
  private long toldSent;
  private long toldReceived;

  /**
   * @param token the target's, as the server shows it.
   * @param line by which it is asked, and whose data plan pays.
   * @param attributes what the server is told of this gateway when it asks.
   * @param arch Debian's word for the processor.
   */
  HawkbitWorker(
      SiteConfig.Hawkbit settings,
      String token,
      UpdateFetch.PaidLine line,
      CommandDesk desk,
      SampleSink events,
      Stamper stamper,
      Ticker ticker,
      Map<String, String> attributes,
      String arch) {
    this.settings = settings;
    this.token = token;
    this.line = line;
    this.desk = desk;
    this.events = events;
    this.stamper = stamper;
    this.ticker = ticker;
    this.attributes = Map.copyOf(attributes);
    this.arch = arch;
  }

  @Override
  public String name() {
    return "hawkbit";
  }

  @Override
  public Bell bell() {
    return bell;
  }

  /** The fields that a request to this server carries; of others none. */
  static Map<String, String> fields(SiteConfig.Hawkbit settings, String token, URI to) {
    Map<String, String> fields = new HashMap<>();
    if (Hawkbit.isAt(settings.url(), to)) {
      fields.put("Authorization", "TargetToken " + token);
    }
    return fields;
  }

  @Override
  public long step(long nowNanos) {
    String action = underWay;
    URI tell = feedback;
    Outcome outcome = action == null ? null : outcomes.get(action);
    try {
      if (action != null && tell != null && outcome != null && isFinal(outcome)) {
        told(
            tell,
            outcome.state() == Outcome.State.DONE ? State.DONE : State.FAILED,
            words(outcome));
        outcomes.remove(action);
        underWay = null;
        feedback = null;
        nextNanos = nowNanos;
        trouble("");
      } else if (nowNanos >= nextNanos) {
        nextNanos = nowNanos + poll();
        trouble("");
      }
    } catch (IOException e) {
      trouble(String.valueOf(e.getMessage()));
      nextNanos = nowNanos + FAILED_NANOS;
      return nextNanos;
    } finally {
      spend();
    }
    return nextNanos;
  }

  private static boolean isFinal(Outcome outcome) {
    return outcome.state() != Outcome.State.ACCEPTED && outcome.state() != Outcome.State.EXECUTING;
  }

  private static String words(Outcome outcome) {
    return outcome.why().isEmpty()
        ? outcome.state().word() + " " + outcome.details()
        : outcome.state().word() + ": " + outcome.why();
  }

  /** How long to wait until the next one. */
  private long poll() throws IOException {
    URI base = Hawkbit.base(settings.url(), settings.tenant(), settings.controller());
    Hawkbit.Poll poll = read(Hawkbit.poll(get(base), settings.url()), base);
    URI wanted = poll.attributes();
    if (wanted != null) {
      good(ask("PUT", wanted, Hawkbit.attributes(attributes)), wanted);
    }
    URI cancel = poll.cancel();
    if (cancel != null) {
      cancel(cancel);
    }
    URI deployment = poll.deployment();
    if (deployment != null) {
      deploy(deployment);
    }
    return underWay == null
        ? poll.sleep().toNanos()
        : Math.min(UNDER_WAY_NANOS, poll.sleep().toNanos());
  }

  private void deploy(URI link) throws IOException {
    Hawkbit.Deployment deployment = read(Hawkbit.deployment(get(link), settings.url()), link);
    if (!deployment.isDue()) {
      return;
    }
    Decoded<Hawkbit.Artifact> bundle = deployment.bundle(arch);
    if (bundle instanceof Decoded.Invalid<Hawkbit.Artifact> none) {
      told(Hawkbit.feedback(link), State.FAILED, none.reason());
      return;
    }
    Hawkbit.Artifact artifact = bundle.orThrow();
    String id = PREFIX + deployment.action();
    boolean isNew = !id.equals(underWay);
    underWay = id;
    feedback = Hawkbit.feedback(link);
    Map<String, Object> args = new HashMap<>();
    args.put("url", artifact.from().toString());
    args.put("sha256", artifact.sha256());
    args.put("size", artifact.size());
    Command command = new Command(id, Command.GATEWAY, UpdateOrder.OP, args, 0, 0, ORIGIN);
    desk.submit(
        command,
        outcome -> {
          outcomes.put(id, outcome);
          bell.ring();
        });
    if (isNew) {
      told(Hawkbit.feedback(link), State.PROCEEDING, "fetching " + artifact.name());
    }
  }

  /** A bundle is fetched and tried in one go; what has begun is not given up half-way. */
  private void cancel(URI link) throws IOException {
    String action = read(Hawkbit.stopped(get(link)), link);
    boolean isUnderWay = (PREFIX + action).equals(underWay);
    told(
        Hawkbit.feedback(link),
        isUnderWay ? State.REJECTED : State.DONE,
        isUnderWay ? "it is being fetched or tried already" : "it had not begun");
  }

  private byte[] get(URI link) throws IOException {
    return good(ask("GET", link, new byte[0]), link).body();
  }

  private void told(URI link, State state, String detail) throws IOException {
    good(ask("POST", link, Hawkbit.feedback(state, detail)), link);
  }

  private HttpCall.Answer ask(String method, URI link, byte[] body) throws IOException {
    Map<String, String> fields = fields(settings, token, link);
    fields.put("Accept", "application/hal+json, application/json");
    return HttpCall.ask(line.settings(), method, link, fields, body, bytes, ticker);
  }

  private static HttpCall.Answer good(HttpCall.Answer answer, URI link) throws IOException {
    if (!answer.isGood()) {
      throw new IOException("hawkBit answers " + answer.status() + " to " + link.getPath());
    }
    return answer;
  }

  private static <T> T read(Decoded<T> decoded, URI link) throws IOException {
    if (decoded instanceof Decoded.Invalid<T> invalid) {
      throw new IOException("hawkBit's answer to " + link.getPath() + ": " + invalid.reason());
    }
    return decoded.orThrow();
  }

  /** Told when it begins and when it ends, not at each poll. */
  private void trouble(String why) {
    if (lastTrouble.isEmpty() == why.isEmpty()) {
      lastTrouble = why;
      return;
    }
    lastTrouble = why;
    boolean isDown = !why.isEmpty();
    Event event =
        new Event(
            stamper.now(),
            isDown ? "hawkbit.down" : "hawkbit.up",
            isDown ? Severity.WARNING : Severity.INFO,
            Event.NO_DEVICE,
            isDown ? Map.of("why", why) : Map.of());
    if (!events.offer(event)) {
      LOG.warn("hawkbit: no room for the event kind={} why=\"{}\"", event.kind(), why);
    }
  }

  private void spend() {
    long sent = bytes.sent().get();
    long received = bytes.received().get();
    line.spent(sent - toldSent, received - toldReceived);
    toldSent = sent;
    toldReceived = received;
  }

  @Override
  public void close() {}
}
