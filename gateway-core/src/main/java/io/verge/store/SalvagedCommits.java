package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a journal file that was put aside with its database still holds and the database had not
 * taken. A record says itself what was taken before it; what the database says, where it can be
 * asked, is newer.
 */
final class SalvagedCommits {
  private static final Logger LOG = LoggerFactory.getLogger(SalvagedCommits.class);

  /** A row with what it needs to be understood. */
  record Found(CommitRecord.Row row, long rev, long print) {}

  private final List<JournalRecovery.Needed> records = new ArrayList<>();
  private long unreadable;

  private SalvagedCommits() {}

  /**
   * @param database the damaged database, put aside; the file lies beside it, or does not.
   */
  static SalvagedCommits beside(Path database) {
    SalvagedCommits salvaged = new SalvagedCommits();
    Path file = JournalFile.of(database);
    if (!Files.exists(file)) {
      return salvaged;
    }
    try {
      salvaged.read(JournalPages.scan(JournalFile.bytesOf(file)));
    } catch (IOException e) {
      LOG.warn("{} can't be read: {}", file, e.getMessage());
      salvaged.unreadable++;
    }
    return salvaged;
  }

  /** Of several stores' records those of the store that wrote most. */
  private void read(JournalPages.Scan scan) {
    unreadable = scan.unreadable().size();
    scan.records().values().stream()
        .max(Comparator.comparingInt(Map::size))
        .ifPresent(
            most ->
                most.values()
                    .forEach(
                        found -> {
                          if (CommitRecord.decode(found.bytes())
                              instanceof Decoded.Valid<CommitRecord> record) {
                            records.add(
                                new JournalRecovery.Needed(
                                    found.number(), found.page(), record.value()));
                          } else {
                            unreadable++;
                          }
                        }));
  }

  /** Pages and records that can't be read. */
  long unreadable() {
    return unreadable;
  }

  /**
   * What drivers kept since the database last took records.
   *
   * @param taken up to this record, as far as the database tells.
   */
  Map<String, byte[]> kept(long taken) {
    Map<String, byte[]> kept = new LinkedHashMap<>();
    for (JournalRecovery.Needed one : records) {
      if (one.number() > taken) {
        kept.putAll(one.record().keep());
      }
    }
    return kept;
  }

  /** How many rows {@link #row} knows, needed or not. */
  int rows() {
    return records.stream().mapToInt(one -> one.record().rows().size()).sum();
  }

  /**
   * One of the rows, oldest first.
   *
   * @param marks what the damaged database has, by lane; zeros where it can't be asked.
   * @return null if the database had taken it.
   */
  @Nullable Found row(int index, Map<Lane, JournalTable.Mark> marks) {
    int before = 0;
    for (JournalRecovery.Needed one : records) {
      List<CommitRecord.Row> rows = one.record().rows();
      if (index < before + rows.size()) {
        CommitRecord.Row row = rows.get(index - before);
        JournalTable.Mark mark = marks.getOrDefault(row.lane(), new JournalTable.Mark(0, 0));
        long taken =
            Math.max(
                mark.taken(),
                records.get(records.size() - 1).record().taken().get(row.lane().number()));
        return one.number() > taken && row.rseqFirst() >= mark.nextRseq()
            ? new Found(row, one.record().rev(), one.record().print())
            : null;
      }
      before += rows.size();
    }
    return null;
  }
}
