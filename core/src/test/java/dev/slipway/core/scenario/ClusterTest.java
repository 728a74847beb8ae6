package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Runs {@link ClusterSimulation} with many seeds: {@link #SEEDS} of them, or as many as
/// `-Dslipway.cluster.seeds=N` asks for, or the one of `-Dslipway.cluster.seed=N`.
class ClusterTest {
  private static final long SEEDS = 300;

  @Test
  void oneLeadsAndAllIsAsWantedWhateverHappened() {
    Long one = Long.getLong("slipway.cluster.seed");
    if (one != null) {
      run(one);
      return;
    }
    long acknowledged = 0;
    long lost = 0;
    for (long seed = 0; seed < Long.getLong("slipway.cluster.seeds", SEEDS); seed++) {
      ClusterSimulation simulation = run(seed);
      acknowledged += simulation.acknowledged();
      lost += simulation.cluster().journal().lostCommits();
    }
    assertThat(acknowledged).as("something was asked for").isPositive();
    assertThat(lost).as("failovers lost something").isPositive();
  }

  private static ClusterSimulation run(long seed) {
    var simulation = new ClusterSimulation(seed);
    try {
      simulation.run();
    } catch (AssertionError | RuntimeException broken) {
      throw new AssertionError(
          "replay: ./mvnw -pl core test -Dtest=ClusterTest -Dslipway.cluster.seed=" + seed, broken);
    }
    return simulation;
  }
}
