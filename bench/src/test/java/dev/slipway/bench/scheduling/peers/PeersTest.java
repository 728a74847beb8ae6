package dev.slipway.bench.scheduling.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.scheduling.Cell;
import dev.slipway.bench.scheduling.Mix;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Trial;
import dev.slipway.bench.scheduling.Workload;
import dev.slipway.bench.scheduling.Workload.Occupancy;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeersTest {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration ENOUGH = Duration.ofSeconds(20);

  /// Fenzo's decisions one by one take so long that only the first ones are looked at.
  private static final Duration SOME = Duration.ofMillis(50);

  static Stream<Mix> mixes() {
    return Stream.concat(Stream.of(Mix.EQUAL, Mix.NONE), Mix.CONSTRAINED.stream());
  }

  @ParameterizedTest
  @MethodSource("mixes")
  void nobodyBreaksARuleOneByOne(Mix mix) {
    expectNoViolation(Workload.of(20, 8, mix));
  }

  @ParameterizedTest
  @MethodSource("mixes")
  void nobodyBreaksARuleInBatches(Mix mix) {
    expectNoViolation(Workload.of(20, 8, mix).inBatchesOf(40));
  }

  @ParameterizedTest
  @MethodSource("mixes")
  void nobodyBreaksARuleOnFullHosts(Mix mix) {
    expectNoViolation(Workload.of(20, 1, mix).with(Occupancy.TAIL));
  }

  @ParameterizedTest
  @MethodSource("mixes")
  void nobodyButFenzoWhenItSpreadsBreaksARuleInChurn(Mix mix) {
    Cell cell = Workload.of(20, 8, mix).with(Occupancy.CHURN).generate();
    for (Supplier<Policy> each : all(mix)) {
      boolean isFenzoSpreading = each.get() instanceof Fenzo && mix.spread() > 0;
      if (!isFenzoSpreading) {
        expectNoViolation(each.get(), cell);
      }
    }
  }

  @Test
  void thePlatformBreaksNoRuleWhereNoAppSpeaksOfAnother() {
    expectNoViolation(Peers.PLATFORM.get(), Workload.of(30, 8, Mix.NONE).generate());
  }

  @Test
  void fenzoTakesAllAtOnce() {
    Cell cell = Workload.of(30, 8, Mix.NONE).inBatchesOf(Workload.ALL).generate();
    Trial.Result result = expectNoViolation(new Fenzo("fenzo", 1.0), cell);
    assertThat(result.unplaced()).isLessThan(cell.tasks().size() / 20);
  }

  @Test
  void bestFitNeedsFewerHostsThanSpreading() {
    Cell cell = Workload.of(100, 8, Mix.NONE).generate();
    Policy best = Peers.FITTING.getLast().get();
    Policy spreading = Peers.SAMPLING.get(1).get();
    assertThat(expectNoViolation(best, cell).hostsUsed())
        .isLessThan(expectNoViolation(spreading, cell).hostsUsed());
  }

  @Test
  void kubernetesLooksForAsManyNodesAsItsDocumentationSays() {
    assertThat(Kubernetes.enough(50)).isEqualTo(50);
    assertThat(Kubernetes.enough(100)).isEqualTo(100);
    assertThat(Kubernetes.enough(1_000)).isEqualTo(420);
    assertThat(Kubernetes.enough(5_000)).isEqualTo(500);
    assertThat(Kubernetes.enough(10_000)).isEqualTo(500);
  }

  private static List<Supplier<Policy>> all(Mix mix) {
    return Stream.concat(Peers.OURS.stream(), Peers.of(mix).stream()).toList();
  }

  private static void expectNoViolation(Workload workload) {
    Cell cell = workload.generate();
    for (Supplier<Policy> each : all(workload.mix())) {
      expectNoViolation(each.get(), cell);
    }
  }

  private static Trial.Result expectNoViolation(Policy policy, Cell cell) {
    try {
      boolean isSlow = policy instanceof Fenzo && cell.batch() == 1;
      var trial = new Trial(policy, cell, isSlow ? SOME : ENOUGH);
      trial.warmUp(SHORT);
      Trial.Result result = trial.run();
      assertThat(result.violations()).as(policy.name() + " on " + cell.name()).isEmpty();
      assertThat(result.measured()).isPositive();
      return result;
    } finally {
      if (policy instanceof Fenzo fenzo) {
        fenzo.close();
      }
    }
  }
}
