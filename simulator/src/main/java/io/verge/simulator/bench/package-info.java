/** The benchmarks: {@code verge bench}, one JSON line a figure. */
@org.jspecify.annotations.NullMarked
package io.verge.simulator.bench;
