package io.verge.simulator.backend;

import io.verge.model.Command;
import io.verge.uplink.UplinkSettings;
import io.verge.uplink.UplinkTransport;
import io.verge.uplink.UplinkTransportProvider;
import io.verge.wire.CommandCodec;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Scheme {@code sim}: link and back end without sockets under virtual time. Everything that goes
 * wrong comes from the random generator given, so a run repeats from its seed. One thread: that of
 * the world.
 */
public final class DirectUplink implements UplinkTransportProvider {
  /** Virtual time until a dead peer is noticed while nothing is sent. */
  private static final long CONNECT_TIMEOUT_NANOS = 10_000_000_000L;

  /** Bytes a message costs beside its own: TCP/IP and MQTT headers and the topic. */
  private static final int OVERHEAD_BYTES = 100;

  private final Function<String, BackEnd> backEnds;
  private final Later later;
  private final RandomGenerator random;
  private final List<Connection> open = new ArrayList<>();
  private LinkPlan plan;
  private boolean outage;
  private @Nullable LedgerException failure;

  /**
   * @param receiver stays the caller's.
   */
  public DirectUplink(Receiver receiver, Later later, RandomGenerator random, LinkPlan plan) {
    this(uplink -> receiver.asBackEnd(), later, random, plan);
  }

  /**
   * @param backEnds by the name of the uplink that leads there.
   */
  public DirectUplink(
      Function<String, BackEnd> backEnds, Later later, RandomGenerator random, LinkPlan plan) {
    this.backEnds = backEnds;
    this.later = later;
    this.random = random;
    this.plan = plan;
  }

  public void plan(LinkPlan next) {
    plan = next;
  }

  /** Silence: what is sent is lost, and nobody is told. */
  public void outage(boolean now) {
    outage = now;
  }

  /** Ends every connection, told to the gateway after the latency. */
  public void drop() {
    List.copyOf(open).forEach(connection -> connection.fall("connection reset by the peer"));
  }

  /** Sends a command to every connection of the gateway. */
  public void command(String gateway, Command command) {
    byte[] message = CommandCodec.encode(command);
    for (Connection connection : List.copyOf(open)) {
      if (connection.settings.gateway().equals(gateway)) {
        connection.down(message, listener -> listener.command(message));
      }
    }
  }

  /** The ledger's first failure; a world ends with it. */
  public @Nullable LedgerException failure() {
    return failure;
  }

  @Override
  public List<String> schemes() {
    return List.of("sim");
  }

  @Override
  public UplinkTransport create(UplinkSettings settings, byte[] lastWill) {
    return new Connection(settings);
  }

  @Override
  public int defaultPort(URI uri) {
    return 1883;
  }

  @Override
  public void close() {
    List.copyOf(open).forEach(Connection::close);
  }

  private boolean happens(int perMille) {
    return perMille > 0 && random.nextInt(1000) < perMille;
  }

  private final class Connection implements UplinkTransport {
    private final UplinkSettings settings;
    private @Nullable Listener listener;
    private long sent;
    private long received;
    private long upFree;
    private long downFree;

    Connection(UplinkSettings settings) {
      this.settings = settings;
    }

    @Override
    public void open(Listener newListener) {
      listener = newListener;
      open.add(this);
      if (outage) {
        later.at(later.nanos() + CONNECT_TIMEOUT_NANOS, () -> lost("connecting timed out"));
      } else {
        later.at(arrival(true) + plan.latencyNanos(), () -> tell(Listener::up));
      }
    }

    /** When something sent now arrives; later things of one direction never overtake. */
    private long arrival(boolean upwards) {
      long jitter = plan.jitterNanos() > 0 ? random.nextLong(plan.jitterNanos()) : 0;
      long at = later.nanos() + plan.latencyNanos() + jitter;
      at = Math.max(at, upwards ? upFree : downFree);
      if (upwards) {
        upFree = at;
      } else {
        downFree = at;
      }
      return at;
    }

    @Override
    public void send(Kind kind, long token, byte[] message) {
      send(kind, message, () -> down(new byte[4], to -> to.taken(token)));
    }

    @Override
    public void sendLightly(long token, byte[] batch) {
      send(Kind.BATCH, batch, () -> {});
    }

    private void send(Kind kind, byte[] message, Runnable confirm) {
      sent += message.length + OVERHEAD_BYTES;
      if (listener == null || outage || happens(plan.lossPerMille())) {
        return;
      }
      if (happens(plan.dropPerMille())) {
        // The message may have arrived before the break or not.
        if (random.nextBoolean()) {
          later.at(arrival(true), () -> arrived(kind, message, false, confirm));
        }
        fall("connection reset by the peer");
        return;
      }
      if (kind == Kind.BATCH && happens(plan.forgetPerMille())) {
        later.at(arrival(true), confirm);
        return;
      }
      later.at(arrival(true), () -> arrived(kind, message, true, confirm));
    }

    private void arrived(Kind kind, byte[] message, boolean answered, Runnable confirm) {
      try {
        List<byte[]> acks = new ArrayList<>();
        BackEnd backEnd = backEnds.apply(settings.name());
        switch (kind) {
          case HELLO -> acks.addAll(backEnd.hello(settings.gateway(), message));
          case CATALOG -> backEnd.catalog(settings.gateway(), message);
          case BATCH -> acks.addAll(backEnd.batch(settings.gateway(), message));
          case STATE -> {
            // The last state would be retained; nothing here asks for it.
          }
        }
        if (answered) {
          confirm.run();
          acks.forEach(ack -> down(ack, to -> to.ack(ack)));
        }
      } catch (LedgerException e) {
        failure = failure == null ? e : failure;
      }
    }

    private void down(byte[] message, Consumer<Listener> delivery) {
      if (outage || happens(plan.ackLossPerMille())) {
        return;
      }
      later.at(
          arrival(false),
          () -> {
            if (!outage) {
              received += message.length + OVERHEAD_BYTES;
              tell(delivery);
            }
          });
    }

    private void fall(String why) {
      later.at(arrival(false), () -> lost(why));
    }

    private void lost(String why) {
      Listener told = listener;
      listener = null;
      open.remove(this);
      if (told != null) {
        told.down(why, false);
      }
    }

    private void tell(Consumer<Listener> delivery) {
      if (listener != null) {
        delivery.accept(listener);
      }
    }

    @Override
    public long[] byteCounts() {
      return new long[] {sent, received};
    }

    @Override
    public void close() {
      listener = null;
      open.remove(this);
    }
  }
}
