package io.verge.autonomy;

import java.util.List;

/** What a rule looks for: one {@code [[rule]]} of the configuration, without its targets. */
public sealed interface Diagnosis {
  /** The word of the configuration, and of events. */
  String word();

  /** Points an asset must have to be judged. */
  List<String> points();

  /** A probe for one asset. */
  Probe probe(Place place);

  /**
   * A point passes a limit.
   *
   * @param isAbove whether values above {@code raise} are wrong; else those below.
   * @param clear where it is right again; on the other side of {@code raise}, or equal.
   */
  record Threshold(String word, String point, boolean isAbove, double raise, double clear)
      implements Diagnosis {
    @Override
    public List<String> points() {
      return List.of(point);
    }

    @Override
    public Probe probe(Place place) {
      return Probes.threshold(this);
    }
  }

  /** Told to burn, and draws less than {@code watts}. */
  record LampFailed(double watts) implements Diagnosis {
    @Override
    public String word() {
      return "lamp-failed";
    }

    @Override
    public List<String> points() {
      return List.of("level", "power");
    }

    @Override
    public Probe probe(Place place) {
      return Probes.lampFailed(this);
    }
  }

  /** Draws {@code watts} or more while the sun is {@code degrees} or more above the horizon. */
  record DayBurner(double watts, double degrees) implements Diagnosis {
    @Override
    public String word() {
      return "day-burner";
    }

    @Override
    public List<String> points() {
      return List.of("power");
    }

    @Override
    public Probe probe(Place place) {
      return Probes.dayBurner(this, place);
    }
  }

  /**
   * A total that never rests in a night.
   *
   * @param from hour at which the night begins, of the site's clock.
   * @param until hour at which it ends, the same day.
   * @param quietMs the rest that a tight pipe shows at least once.
   */
  record Leak(String point, int from, int until, long quietMs) implements Diagnosis {
    @Override
    public String word() {
      return "leak";
    }

    @Override
    public List<String> points() {
      return List.of(point);
    }

    @Override
    public Probe probe(Place place) {
      return new LeakProbe(this, place);
    }
  }

  /** A point that does not move. */
  record Stuck(String point, long afterMs) implements Diagnosis {
    @Override
    public String word() {
      return "stuck";
    }

    @Override
    public List<String> points() {
      return List.of(point);
    }

    @Override
    public Probe probe(Place place) {
      return Probes.stuck(this);
    }
  }

  /** No good sample for a while, other than by a bus that is down, which is told by itself. */
  record NoData(long afterMs) implements Diagnosis {
    @Override
    public String word() {
      return "no-data";
    }

    @Override
    public List<String> points() {
      return List.of();
    }

    @Override
    public Probe probe(Place place) {
      return Probes.noData(this);
    }
  }

  /** The fill drops by {@code drop} or more, for two samples at least: told, never raised. */
  record Emptied(int drop) implements Diagnosis {
    @Override
    public String word() {
      return "container-emptied";
    }

    @Override
    public List<String> points() {
      return List.of("fill");
    }

    @Override
    public Probe probe(Place place) {
      return Probes.emptied(this);
    }
  }
}
