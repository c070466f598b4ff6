package io.verge.store;

import io.verge.bytes.Decoded;
import io.verge.model.Lane;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a journal file gives back at a start, whatever state it is in. Pure. */
final class JournalRecovery {
  /** A record the database has not taken all rows of. */
  record Needed(long number, int page, CommitRecord record) {}

  /**
   * What is wrong with a file.
   *
   * @param pages that can't be read.
   * @param records that were committed and are not there.
   * @param samples and events known to be lost with them.
   * @param newest whether the newest commit may be among what is unreadable: a write cut off by a
   *     power failure, which nobody was told of, looks the same.
   */
  record Finding(String why, int pages, long records, long samples, boolean newest) {}

  /**
   * @param needed by number.
   * @param last highest number ever given, as far as file and database tell.
   * @param next page to go on with.
   * @param torn the last commit was cut off between two pages: nobody was told of it.
   */
  record Result(
      List<Needed> needed, long last, int next, boolean torn, @Nullable Finding finding) {}

  private final JournalPages.Scan scan;
  private final long epoch;
  private final List<JournalTable.Mark> marks;
  private final List<Needed> needed = new ArrayList<>();
  private long undecoded;

  private JournalRecovery(JournalPages.Scan scan, long epoch, List<JournalTable.Mark> marks) {
    this.scan = scan;
    this.epoch = epoch;
    this.marks = marks;
  }

  /**
   * @param marks of the lanes, as the database has them, by number.
   */
  static Result of(JournalPages.Scan scan, long epoch, List<JournalTable.Mark> marks) {
    return new JournalRecovery(scan, epoch, marks).result();
  }

  private Result result() {
    TreeMap<Long, JournalPages.Found> whole = scan.of(epoch);
    long least = marks.stream().mapToLong(JournalTable.Mark::taken).min().orElse(0);
    long most = marks.stream().mapToLong(JournalTable.Mark::taken).max().orElse(0);
    for (JournalPages.Found found : whole.tailMap(least, false).values()) {
      if (CommitRecord.decode(found.bytes()) instanceof Decoded.Valid<CommitRecord> record) {
        needed.add(new Needed(found.number(), found.page(), record.value()));
      } else {
        undecoded++;
      }
    }
    long newest = whole.isEmpty() ? 0 : whole.lastKey();
    long newestPart = Math.max(newest, brokenNewest());
    int next = whole.isEmpty() ? 0 : end(whole.lastEntry().getValue());
    boolean torn = newestPart > newest && newestPart > most;
    long missing = missing(Math.max(least, 0), newest);
    return new Result(
        List.copyOf(needed),
        Math.max(newestPart, most),
        next,
        torn,
        finding(missing, next, torn, whole.isEmpty()));
  }

  private long brokenNewest() {
    return scan.brokenOf(epoch).isEmpty() ? 0 : scan.brokenOf(epoch).last();
  }

  private static int end(JournalPages.Found found) {
    return (found.page() + found.parts()) % JournalFile.PAGES;
  }

  /** Records that must be there between what the database has and the newest, and are not. */
  private long missing(long least, long newest) {
    return Math.max(0, newest - least) - needed.size();
  }

  private @Nullable Finding finding(long missing, int next, boolean torn, boolean isEmpty) {
    List<String> why = new ArrayList<>();
    int unreadable = scan.unreadable().size();
    if (unreadable > 0) {
      why.add(unreadable + " pages unreadable");
    }
    if (scan.pages() != JournalFile.PAGES) {
      why.add(scan.pages() + " pages, expected " + JournalFile.PAGES);
    }
    if (scan.records().keySet().stream().anyMatch(other -> other != epoch)) {
      why.add("pages of another store");
    }
    long lost = lostSamples();
    if (missing > 0) {
      why.add(missing + " commits missing");
    }
    if (undecoded > 0) {
      why.add(undecoded + " commits of an unknown form");
    }
    if (lost != 0 && missing == 0) {
      why.add("the numbers of samples do not follow the database's");
    }
    if (why.isEmpty()) {
      return null;
    }
    boolean tail =
        torn
            || scan.unreadable().contains(next)
            || next >= scan.pages()
            || isEmpty && unreadable > 0;
    return new Finding(String.join(", ", why), unreadable, missing, Math.max(0, lost), tail);
  }

  /** By the numbers that are left out; negative if they do not make sense. */
  private long lostSamples() {
    Map<Lane, Long> expected = new TreeMap<>();
    long lost = 0;
    for (Needed one : needed) {
      for (CommitRecord.Row row : one.record().rows()) {
        JournalTable.Mark mark = marks.get(row.lane().number());
        if (one.number() <= mark.taken()) {
          continue;
        }
        long before = expected.getOrDefault(row.lane(), mark.nextRseq());
        if (row.rseqFirst() < before) {
          return -1;
        }
        lost += row.rseqFirst() - before;
        expected.put(row.lane(), row.rseqFirst() + row.count());
      }
    }
    return lost;
  }
}
