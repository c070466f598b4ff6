package io.verge.simulator.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.verge.model.Gap;
import io.verge.model.Lane;
import io.verge.wire.Ack;
import io.verge.wire.CatalogCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver and its ledger owe every gateway, whatever database is below. */
abstract class ReceiverRules {
  @TempDir Path folder = Path.of("unset");
  Ledger ledger;
  Receiver receiver;

  /** Address of a ledger of that name, the same each time. */
  abstract String where(String name) throws Exception;

  /** How many disorders are tried. */
  abstract long seeds();

  @BeforeEach
  void open() throws Exception {
    ledger = Ledger.open(where("ledger"), Ledger.Durability.NORMAL);
    receiver = new Receiver(ledger, () -> 1_790_000_000_000L);
  }

  @AfterEach
  void close() throws LedgerException {
    ledger.close();
  }

  @Test
  void asksForTheCatalogAndCommitsNothingUntilItHasIt() throws LedgerException {
    List<byte[]> acks = receiver.hello(Messages.GATEWAY, Messages.hello());
    assertThat(acks).hasSize(3);
    assertThat(Messages.ack(acks.get(2)))
        .isEqualTo(new Ack(Messages.EPOCH, Lane.TELEMETRY, 0, 1_790_000_000_000L, true));
    assertThat(send(Messages.batch(1, 1, 2, List.of())).needCatalog()).isTrue();
    assertThat(ledger.report().totalReadings()).isZero();
    teachCatalog();
    assertThat(send(Messages.batch(1, 1, 2, List.of())))
        .as("the gateway knows the time")
        .isEqualTo(new Ack(Messages.EPOCH, Lane.TELEMETRY, 1, 0, false));
    assertThat(Messages.ack(receiver.hello(Messages.GATEWAY, Messages.hello()).get(2)).bseq())
        .isEqualTo(1);
    assertThat(ledger.report().readings()).containsEntry("lamp", 200L);
  }

  @Test
  void aCatalogBeforeTheFirstHelloIsAskedForAgain() throws LedgerException {
    teachCatalog();
    assertThat(
            Messages.ack(receiver.hello(Messages.GATEWAY, Messages.hello()).get(0)).needCatalog())
        .isTrue();
  }

  @Test
  void duplicatesAndEarlyOnesAreAckedWithTheMark() throws LedgerException {
    ready();
    byte[] first = Messages.batch(1, 1, 1, List.of());
    assertThat(send(first).bseq()).isEqualTo(1);
    assertThat(send(first).bseq()).isEqualTo(1);
    assertThat(send(Messages.batch(3, 41, 1, List.of())).bseq()).isEqualTo(1);
    assertThat(receiver.counts()).isEqualTo(new Receiver.Counts(1, 1, 1, 0, 0));
    assertThat(ledger.report().isWhole()).isTrue();
  }

  @Test
  void invalidMessagesAreCountedAndNotAnswered() throws LedgerException {
    ready();
    byte[] good = Messages.batch(1, 1, 1, List.of());
    for (int length = 0; length < good.length; length++) {
      assertThat(receiver.batch(Messages.GATEWAY, java.util.Arrays.copyOf(good, length))).isEmpty();
    }
    assertThat(receiver.batch("no/such name", good)).isEmpty();
    assertThat(receiver.hello(Messages.GATEWAY, new byte[] {0, 1})).isEmpty();
    assertThat(receiver.counts().invalid()).isEqualTo(good.length + 2L);
    assertThat(ledger.report().totalReadings()).isZero();
  }

  @Test
  void aDeclaredGapMovesTheMarkAndIsNotMissing() throws LedgerException {
    ready();
    send(Messages.batch(1, 1, 1, List.of()));
    assertThat(send(Messages.batch(4, 61, 1, List.of())).bseq()).isEqualTo(1);
    Gap gap = new Gap(Lane.TELEMETRY, 2, 3, 21, 60, "overflow", 0, 1, 200);
    assertThat(send(Messages.events(1, 1, List.of(gap))).bseq()).isEqualTo(1);
    assertThat(send(Messages.batch(4, 61, 1, List.of())).bseq()).isEqualTo(4);
    Report report = ledger.report();
    assertThat(report.isWhole()).isTrue();
    Report.Row telemetry = report.rows().get(Lane.TELEMETRY.number());
    assertThat(telemetry.stored()).isEqualTo(40);
    assertThat(telemetry.declared()).isEqualTo(40);
    assertThat(telemetry.last()).isEqualTo(80);
    assertThat(report.table()).contains("nothing missing, nothing twice");
  }

  @Test
  void aGapInTheLanesOwnNextBatchCounts() throws LedgerException {
    ready();
    Gap gap = new Gap(Lane.EVENT, 1, 2, 1, 9, "overflow", 0, 1, 0);
    assertThat(send(Messages.events(3, 10, List.of(gap))).bseq()).isEqualTo(3);
    assertThat(ledger.report().isWhole()).isTrue();
  }

  @Test
  void theReportSeesWhatIsMissingAndWhatIsTwice() throws LedgerException {
    ready();
    send(Messages.batch(1, 1, 1, List.of()));
    send(Messages.batch(2, 31, 1, List.of()));
    send(Messages.batch(3, 41, 1, List.of()));
    Report.Row telemetry = ledger.report().rows().get(Lane.TELEMETRY.number());
    assertThat(telemetry.missing()).isEqualTo(10);
    assertThat(telemetry.duplicates()).isEqualTo(10);
    assertThat(ledger.report().isWhole()).isFalse();
    assertThat(ledger.report().table()).contains("NOT WHOLE");
  }

  @Test
  void aCommitThatFailsLeavesNothingAndIsNotAcked() throws LedgerException {
    ready();
    ledger.beforeCommit(
        () -> {
          throw new IllegalStateException("power cut");
        });
    assertThatThrownBy(() -> send(Messages.batch(1, 1, 1, List.of())))
        .isInstanceOf(IllegalStateException.class);
    ledger.beforeCommit(() -> {});
    assertThat(ledger.mark(Messages.GATEWAY, Messages.EPOCH, Lane.TELEMETRY)).isZero();
    assertThat(ledger.report().totalReadings()).isZero();
    assertThat(send(Messages.batch(1, 1, 1, List.of())).bseq()).isEqualTo(1);
    assertThat(ledger.report().totalReadings()).isEqualTo(100);
  }

  @Test
  void exactlyOnceUnderEveryDisorder() throws Exception {
    for (long seed = 1; seed <= seeds(); seed++) {
      ledger.close();
      String file = where("disorder-" + seed);
      ledger = Ledger.open(file, Ledger.Durability.NORMAL);
      receiver = new Receiver(ledger, () -> 1_790_000_000_000L);
      ready();
      disorder(file, new Random(seed), seed);
    }
  }

  /** A sender with a window of 8 over a channel that loses, repeats, reorders, and is killed. */
  private void disorder(String file, Random random, long seed) throws LedgerException {
    int batches = 30;
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      messages.add(Messages.batch(i + 1, 1 + 20L * i, 1, List.of()));
    }
    List<byte[]> channel = new ArrayList<>();
    long acked = 0;
    for (int turn = 0; acked < batches; turn++) {
      assertThat(turn).as("seed %d", seed).isLessThan(10_000);
      int next = (int) Math.min(batches - 1, acked + random.nextInt(8));
      channel.add(messages.get(next));
      byte[] message = channel.get(random.nextInt(channel.size()));
      if (random.nextInt(3) > 0) {
        channel.remove(message);
      }
      int fate = random.nextInt(20);
      if (fate == 0) {
        ledger.beforeCommit(
            () -> {
              throw new IllegalStateException("killed");
            });
        try {
          receiver.batch(Messages.GATEWAY, message);
        } catch (IllegalStateException killed) {
          assertThat(killed).hasMessage("killed");
        }
        ledger.close();
        ledger = Ledger.open(file, Ledger.Durability.NORMAL);
        receiver = new Receiver(ledger, () -> 0);
      } else {
        long mark = send(message).bseq();
        assertThat(mark).as("seed %d", seed).isGreaterThanOrEqualTo(acked);
        acked = fate < 6 ? acked : mark;
      }
    }
    Report.Row telemetry = ledger.report().rows().get(Lane.TELEMETRY.number());
    assertThat(ledger.report().isWhole()).as("seed %d", seed).isTrue();
    assertThat(telemetry.stored()).as("seed %d", seed).isEqualTo(20L * batches);
    assertThat(telemetry.readings()).as("seed %d", seed).isEqualTo(100L * batches);
  }

  /** The conversations published beside the protocol's page. */
  @Test
  void everyPublishedConversationIsHeld() throws Exception {
    Path file =
        Path.of(System.getProperty("verge.root", ".."), "gateway-core/docs/vectors/receiver.jsonl");
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      JsonObject conversation = JsonParser.parseString(line).getAsJsonObject();
      String id = conversation.get("id").getAsString();
      try (Ledger own = Ledger.open(where("conversation-" + ++number), Ledger.Durability.NORMAL)) {
        Receiver one = new Receiver(own, () -> 0);
        for (JsonElement each : conversation.getAsJsonArray("steps")) {
          JsonObject step = each.getAsJsonObject();
          assertThat(answers(one, step)).as(id).isEqualTo(step.getAsJsonArray("acks").toString());
        }
        assertThat(own.report().rows().stream().mapToLong(Report.Row::stored).sum())
            .as(id)
            .isEqualTo(conversation.get("stored").getAsLong());
        assertThat(own.report().rows().stream().mapToLong(Report.Row::duplicates).sum())
            .as(id)
            .isZero();
      }
    }
    assertThat(number).isGreaterThan(5);
  }

  private static String answers(Receiver receiver, JsonObject step) throws LedgerException {
    byte[] message =
        HexFormat.of().parseHex(step.get("message").getAsString().toLowerCase(Locale.ROOT));
    List<byte[]> answers =
        switch (step.get("topic").getAsString()) {
          case "hello" -> receiver.hello(Messages.GATEWAY, message);
          case "batch" -> receiver.batch(Messages.GATEWAY, message).map(List::of).orElse(List.of());
          default -> {
            receiver.catalog(Messages.GATEWAY, message);
            yield List.of();
          }
        };
    return answers.stream()
        .map(Messages::ack)
        .map(
            ack ->
                "["
                    + ack.epoch()
                    + ","
                    + ack.lane().number()
                    + ","
                    + ack.bseq()
                    + (ack.needCatalog() ? ",\"catalog\"]" : ",null]"))
        .collect(Collectors.joining(",", "[", "]"));
  }

  void ready() throws LedgerException {
    receiver.hello(Messages.GATEWAY, Messages.hello());
    teachCatalog();
  }

  private void teachCatalog() throws LedgerException {
    assertThat(receiver.catalog(Messages.GATEWAY, CatalogCodec.encode(Messages.CATALOG))).isTrue();
  }

  Ack send(byte[] batch) throws LedgerException {
    return Messages.ack(receiver.batch(Messages.GATEWAY, batch).orElseThrow());
  }
}
