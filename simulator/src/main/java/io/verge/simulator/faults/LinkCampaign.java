package io.verge.simulator.faults;

import io.verge.simulator.world.World;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All scenes of {@code verge faults link}, one after the other: a line each. */
final class LinkCampaign {
  private final PrintStream out;
  private final PrintStream err;
  private final long seed;
  private final String only;

  /**
   * @param only scenes whose name contains it; empty: all.
   */
  LinkCampaign(PrintStream out, PrintStream err, long seed, String only) {
    this.out = out;
    this.err = err;
    this.seed = seed;
    this.only = only;
  }

  static List<LinkScene> all() {
    List<LinkScene> scenes = new ArrayList<>(WorldScene.all());
    scenes.addAll(LiveScene.all());
    scenes.addAll(LivesScene.all());
    scenes.addAll(MosquittoScene.all());
    return scenes;
  }

  /** Whether every scene's books are closed; false also if there is none of that name. */
  boolean run() {
    List<LinkScene> scenes =
        all().stream()
            .filter(scene -> scene.name().toLowerCase(Locale.ROOT).contains(only))
            .toList();
    err.println("faults: seed " + seed + ", " + scenes.size() + " scenes");
    out.println(LinkBooks.head());
    boolean clean = !scenes.isEmpty();
    long each = seed;
    for (LinkScene scene : scenes) {
      clean &= run(scene, each++);
    }
    out.println(clean ? "every scene's books are closed" : "NOT every scene's books are closed");
    return clean;
  }

  private boolean run(LinkScene scene, long ofScene) {
    if (!scene.missing().isEmpty()) {
      out.println(scene.name() + ": skipped, " + scene.missing());
      return true;
    }
    long begin = System.nanoTime();
    try {
      Path folder = World.folder();
      LinkBooks books = scene.run(ofScene, folder);
      out.println(books.line(scene.name(), ofScene, (System.nanoTime() - begin) / 1e9));
      out.flush();
      if (books.isClosed()) {
        World.clear(folder);
      } else {
        err.println("faults: kept: " + folder);
      }
      return books.isClosed();
    } catch (Exception e) {
      out.println(scene.name() + " (seed " + ofScene + "): WRONG " + e);
      out.flush();
      return false;
    }
  }
}
