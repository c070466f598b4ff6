package io.verge.simulator.trial;

/**
 * How a diagnosis did on a set of cases.
 *
 * @param cases in which it should speak.
 * @param found of those.
 * @param others in which it should be silent.
 * @param falsely spoke in those.
 */
public record Judged(
    String diagnosis, String input, int cases, int found, int others, int falsely) {
  Judged with(boolean shouldSpeak, boolean spoke) {
    return new Judged(
        diagnosis,
        input,
        cases + (shouldSpeak ? 1 : 0),
        found + (shouldSpeak && spoke ? 1 : 0),
        others + (shouldSpeak ? 0 : 1),
        falsely + (!shouldSpeak && spoke ? 1 : 0));
  }
}
