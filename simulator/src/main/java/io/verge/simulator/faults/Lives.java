package io.verge.simulator.faults;

import io.verge.simulator.backend.LedgerException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts store processes one after the other, is their city, and ends them as told. */
final class Lives implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lives.class);

  /** A life that is to deliver everything and does not get there has failed. */
  private static final int FINISH_SECONDS = 300;

  /** Takes the process away: kill -9, or first the power of its disk. */
  interface Killer {
    void end(Process process);
  }

  /** Told, on the listening thread, that a process has its store open. */
  interface Stage {
    void began(Life life, Process process);
  }

  private final Path folder;
  private final Path log;
  private final City city;
  private final Verdict verdict;
  private final Killer killer;
  private final Stage stage;
  private final RandomGenerator random;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "killer");
            thread.setDaemon(true);
            return thread;
          });

  Lives(
      Path folder,
      Path log,
      City city,
      Verdict verdict,
      Killer killer,
      Stage stage,
      RandomGenerator random) {
    this.folder = folder;
    this.log = log;
    this.city = city;
    this.verdict = verdict;
    this.killer = killer;
    this.stage = stage;
    this.random = random;
  }

  /** Kill -9. {@link Process#destroyForcibly} would also throw away what the pipe still holds. */
  static void kill(Process process) {
    process.toHandle().destroyForcibly();
  }

  /** Runs one process to its end. */
  Life run(LifePlan plan, Ending ending) throws IOException, LedgerException {
    Process process = start(plan);
    Life life = new Life(plan);
    Mail mail = new Mail(new DataOutputStream(process.getOutputStream()));
    Thread postman = new Thread(mail, "city");
    postman.start();
    try {
      if (ending.kind() == Ending.Kind.EARLY) {
        after(ending.amount(), process);
      }
      listen(new DataInputStream(process.getInputStream()), life, mail, ending, process);
      process.waitFor();
      mail.close(random.nextInt(3));
      postman.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    if (ending.kind() == Ending.Kind.NOT && !life.isDone()) {
      throw new IOException(
          "life "
              + plan.life()
              + " did not deliver everything: see "
              + log
              + "; "
              + life.firstTrouble());
    }
    mail.rethrow();
    return life;
  }

  private Process start(LifePlan plan) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
        command.add(flag);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Victim.class.getName());
    command.add(folder.toString());
    command.addAll(plan.arguments());
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(new File(log.toString())))
        .start();
  }

  private void after(int millis, Process process) {
    timer.schedule(() -> killer.end(process), millis, TimeUnit.MILLISECONDS);
  }

  private void listen(DataInputStream in, Life life, Mail mail, Ending ending, Process process)
      throws IOException {
    Frame frame;
    while ((frame = Frame.read(in)) != null) {
      switch (frame.type()) {
        case Frame.STARTED -> {
          life.started(frame.longs());
          begin(life, mail, ending, process);
        }
        case Frame.OFFERED -> life.offered(frame.longs());
        case Frame.COMMITTED -> {
          String wrong = life.committed(frame.longs());
          verdict.add(Verdict.Wrong.LIMIT, wrong.isEmpty() ? 0 : 1, wrong);
          if (ending.kind() == Ending.Kind.AT_COMMIT && life.commits() == ending.amount()) {
            killer.end(process);
          }
        }
        case Frame.TROUBLE ->
            life.trouble(new String(frame.body(), java.nio.charset.StandardCharsets.UTF_8));
        case Frame.DONE -> life.done();
        case Frame.BATCH -> {
          city.left(frame.body());
          mail.take(frame);
        }
        default -> mail.take(frame);
      }
    }
  }

  private void begin(Life life, Mail mail, Ending ending, Process process) {
    switch (ending.kind()) {
      case LATER -> after(ending.amount(), process);
      case NOT -> {
        mail.finish();
        timer.schedule(() -> kill(process), FINISH_SECONDS, TimeUnit.SECONDS);
      }
      case BY_STAGE -> stage.began(life, process);
      case EARLY, AT_COMMIT -> {
        // The first is under way, the other is counted.
      }
    }
    LOG.debug("life {} began", life.plan().life());
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** What waits to be answered by the city; its own thread, so that a slow city slows nobody. */
  private final class Mail implements Runnable {
    private final DataOutputStream back;
    private final Deque<Frame> waiting = new ArrayDeque<>();
    private boolean closed;
    private volatile @org.jspecify.annotations.Nullable Exception failure;

    Mail(DataOutputStream back) {
      this.back = back;
    }

    synchronized void take(Frame frame) {
      waiting.add(frame);
      notifyAll();
    }

    void finish() {
      send(new Frame(Frame.FINISH, new byte[0]));
    }

    /**
     * The sender is gone.
     *
     * @param arriving how many of what it sent last still arrive.
     */
    synchronized void close(int arriving) {
      while (waiting.size() > arriving) {
        waiting.removeLast();
      }
      closed = true;
      notifyAll();
    }

    private synchronized @org.jspecify.annotations.Nullable Frame next()
        throws InterruptedException {
      while (waiting.isEmpty() && !closed) {
        wait();
      }
      return waiting.poll();
    }

    @Override
    public void run() {
      try {
        Frame frame;
        while ((frame = next()) != null) {
          Optional<byte[]> answer = city.answer(frame);
          answer.ifPresent(ack -> send(new Frame(Frame.ACK, ack)));
          if (answer.isEmpty() && frame.type() == Frame.BATCH) {
            verdict.other("the city could not read a batch");
          }
        }
      } catch (LedgerException | InterruptedException | RuntimeException e) {
        failure = e;
      }
    }

    private void send(Frame frame) {
      try {
        synchronized (back) {
          frame.write(back);
        }
      } catch (IOException e) {
        // Whoever was to hear it has been killed: a lost ack, as on any link.
        LOG.debug("an ack was lost: {}", e.getMessage());
      }
    }

    void rethrow() throws IOException {
      Exception failed = failure;
      if (failed != null) {
        throw new IOException("the city failed: " + failed.getMessage(), failed);
      }
    }
  }
}
