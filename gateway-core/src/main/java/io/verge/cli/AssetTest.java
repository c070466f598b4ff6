package io.verge.cli;

import com.google.gson.JsonObject;
import io.verge.cli.Acceptance.Mark;
import io.verge.cli.Acceptance.Step;
import io.verge.cli.Questions.Answer;
import io.verge.cli.Questions.Stopped;
import io.verge.local.CommandView;
import io.verge.local.LocalClient;
import io.verge.local.LocalClient.Refused;
import io.verge.local.LocalClient.Unreachable;
import io.verge.local.ReadingView;
import io.verge.local.SampleView;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one asset must show: it is seen, it reads plausibly, it acts, and it is the right one. */
final class AssetTest {
  private static final String LEVEL = "level";
  private static final String POWER = "power";

  /** A burning lamp draws so much more than a dark one, in watts. */
  private static final BigDecimal MORE_WATTS = BigDecimal.ONE;

  /** A lamp under test goes back by itself if the laptop dies. */
  private static final long TEST_MS = 600_000;

  /** The lamp did not do what it was told. */
  private static final class NotTaken extends Exception {
    NotTaken(String message) {
      super(message);
    }
  }

  private final LocalClient client;
  private final Questions questions;
  private final List<Step> steps = new ArrayList<>();

  AssetTest(LocalClient client, Questions questions) {
    this.client = client;
    this.questions = questions;
  }

  /**
   * @param place where the plan has it, for the person to compare.
   */
  List<Step> run(String asset, String place) throws Unreachable, Stopped, IOException {
    SampleView sample = read(asset);
    if (sample == null) {
      return steps;
    }
    List<String> wrong = Plausible.wrong(sample.readings());
    String shown =
        sample.readings().stream()
            .map(one -> one.point() + " " + Lines.withUnit(one.value(), one.unit()))
            .collect(Collectors.joining(", "));
    if (wrong.isEmpty()) {
      human("plausible", shown, "Does that fit what stands there: " + shown + "?");
    } else {
      add("plausible", Mark.failed, String.join("; ", wrong));
    }
    if (value(sample, LEVEL) != null && isLamp(sample)) {
      lamp(asset, sample);
    } else {
      moved(asset, sample);
    }
    human("identity", place, "Does its label say " + asset + ", at " + place + "?");
    return steps;
  }

  private void add(String name, Mark mark, String found) {
    steps.add(new Step(name, mark, found));
  }

  /** What was measured passes unless a person, if one is there, says no. */
  private void human(String name, String measured, String question) throws Stopped, IOException {
    if (questions.isUnattended()) {
      boolean isMeasured = name.equals("plausible");
      add(
          name,
          isMeasured ? Mark.passed : Mark.skipped,
          measured + (isMeasured ? "" : "; nobody was there to look"));
      return;
    }
    Answer answer = questions.ask(question);
    Mark mark =
        answer == Answer.YES ? Mark.passed : answer == Answer.NO ? Mark.failed : Mark.skipped;
    add(name, mark, measured + (mark == Mark.failed ? "; the person there says no" : ""));
  }

  private @Nullable SampleView read(String asset) throws Unreachable {
    JsonObject args = Asking.args();
    args.addProperty("target", asset);
    try {
      SampleView sample =
          client.view(client.ask("read", args, LocalClient.FIELD_MS), SampleView.class);
      boolean good = sample.quality().equals("good");
      add("sees", good ? Mark.passed : Mark.failed, "answers: " + sample.quality());
      return good ? sample : null;
    } catch (Refused e) {
      add("sees", Mark.failed, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static boolean isLamp(SampleView sample) {
    return sample.readings().stream()
        .anyMatch(one -> one.point().equals(LEVEL) && one.unit().equals("%"));
  }

  private static @Nullable BigDecimal value(SampleView sample, String point) {
    return sample.readings().stream()
        .filter(one -> one.point().equals(point))
        .map(ReadingView::value)
        .map(Plausible::number)
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Dark, then bright; the levels and, where it is measured, the power must follow. */
  private void lamp(String asset, SampleView before) throws Unreachable, Stopped, IOException {
    try {
      SampleView dark = set(asset, 0);
      SampleView lit = set(asset, 100);
      BigDecimal less = value(dark, POWER);
      BigDecimal more = value(lit, POWER);
      boolean follows =
          is(dark, 0) && is(lit, 100) && (less == null || more == null || isMore(less, more));
      String found =
          "level "
              + value(dark, LEVEL)
              + " then "
              + value(lit, LEVEL)
              + " %"
              + (less == null || more == null ? "" : ", " + less + " then " + more + " W");
      if (!follows) {
        add("acts", Mark.failed, found + ": the lamp does not follow");
      } else if (questions.isUnattended()) {
        boolean measured = less != null && more != null;
        add("acts", measured ? Mark.passed : Mark.skipped, found + (measured ? "" : "; not seen"));
      } else {
        human("acts", found, "Is it bright now?");
      }
    } catch (Refused | NotTaken e) {
      add("acts", Mark.failed, String.valueOf(e.getMessage()));
    } finally {
      giveBack(asset, before);
    }
  }

  private static boolean isMore(BigDecimal less, BigDecimal more) {
    return more.subtract(less).compareTo(MORE_WATTS) > 0;
  }

  private static boolean is(SampleView sample, int level) {
    BigDecimal value = value(sample, LEVEL);
    return value != null && value.compareTo(BigDecimal.valueOf(level)) == 0;
  }

  private SampleView set(String asset, int level) throws Unreachable, Refused, NotTaken {
    CommandView done = command("lamp", asset, level, TEST_MS);
    if (done.state().equals("rejected")) {
      done = command("lamp", asset, level, 0);
    }
    if (!done.state().equals("done")) {
      throw new NotTaken(
          "set to "
              + level
              + " %: "
              + done.state()
              + (done.why().isEmpty() ? "" : ", " + done.why()));
    }
    JsonObject args = Asking.args();
    args.addProperty("target", asset);
    return client.view(client.ask("read", args, LocalClient.FIELD_MS), SampleView.class);
  }

  private CommandView command(String word, String asset, int level, long forMs)
      throws Unreachable, Refused {
    JsonObject args = Asking.args();
    args.addProperty("target", asset);
    if (word.equals("lamp")) {
      args.addProperty("level", level);
      args.addProperty("for_ms", forMs);
    }
    return client.view(client.ask(word, args, LocalClient.FIELD_MS), CommandView.class);
  }

  /** To the plan; without one, to the level it had. */
  private void giveBack(String asset, SampleView before) throws Unreachable {
    try {
      if (!command("release", asset, 0, 0).state().equals("done")) {
        BigDecimal level = value(before, LEVEL);
        command("lamp", asset, level == null ? 0 : level.intValue(), 0);
      }
    } catch (Refused e) {
      add("acts", Mark.failed, "it could not be given back: " + e.getMessage());
    }
  }

  /** What can't be told to do anything is moved by the person: a board under an echo, a tap. */
  private void moved(String asset, SampleView before) throws Unreachable, Stopped, IOException {
    if (questions.isUnattended()) {
      add("acts", Mark.skipped, "nobody was there to move it");
      return;
    }
    Answer answer = questions.ask("Change what it measures (a board under it, a tap). Done?");
    if (answer != Answer.YES) {
      add("acts", Mark.skipped, "not moved");
      return;
    }
    JsonObject args = Asking.args();
    args.addProperty("target", asset);
    try {
      SampleView after =
          client.view(client.ask("read", args, LocalClient.FIELD_MS), SampleView.class);
      List<String> changes = new ArrayList<>();
      for (int i = 0; i < Math.min(before.readings().size(), after.readings().size()); i++) {
        ReadingView was = before.readings().get(i);
        ReadingView is = after.readings().get(i);
        if (was.value() != null && !was.value().equals(is.value())) {
          changes.add(was.point() + " " + was.value() + " then " + is.value());
        }
      }
      add(
          "acts",
          changes.isEmpty() ? Mark.failed : Mark.passed,
          changes.isEmpty() ? "nothing changed" : String.join(", ", changes));
    } catch (Refused e) {
      add("acts", Mark.failed, String.valueOf(e.getMessage()));
    }
  }
}
