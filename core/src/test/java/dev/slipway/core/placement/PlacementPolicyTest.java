package dev.slipway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Resources;
import dev.slipway.core.placement.PlacementPolicy.Preemption;
import dev.slipway.core.placement.PlacementPolicy.Rebalancing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementPolicyTest {
  private static final Resources CORE = Resources.of(1, 0, 0, 0);

  @Test
  void doesNothingUnlessTold() {
    assertThat(PlacementPolicy.DEFAULT.cpuOvercommitPercent()).isEqualTo(100);
    assertThat(PlacementPolicy.DEFAULT.headroom()).isEmpty();
    assertThat(PlacementPolicy.DEFAULT.preemption().enabled()).isTrue();
    assertThat(PlacementPolicy.DEFAULT.rebalancing().automatic()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, 0, 99, 1001})
  void offersProcessorsOnceToTenTimes(int percent) {
    assertThatThrownBy(() -> PlacementPolicy.DEFAULT.withCpuOvercommit(percent))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100 to 1000");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, -0.01, 1.01, Double.POSITIVE_INFINITY})
  void gainsAreParts(double gain) {
    assertThatThrownBy(() -> new Rebalancing(true, 1, gain, Duration.ofMinutes(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyNumberHasItsLimit() {
    refused(() -> new Preemption(true, 0));
    refused(() -> new Preemption(true, Preemption.MOST_VICTIMS + 1));
    refused(() -> new Rebalancing(true, 0, 0, Duration.ofMinutes(1)));
    refused(() -> new Rebalancing(true, 1001, 0, Duration.ofMinutes(1)));
    refused(() -> new Rebalancing(true, 1, 0, Duration.ofSeconds(9)));
    refused(() -> new Rebalancing(true, 1, 0, Duration.ofDays(7).plusSeconds(1)));
    refused(() -> new Rebalancing(true, 1, 0, Duration.ofMillis(10_500)));
    refused(() -> new HeadroomClass(0, CORE, List.of()));
    refused(() -> new HeadroomClass(1001, CORE, List.of()));
    refused(() -> new HeadroomClass(1, Resources.NONE, List.of()));
    refused(() -> new HeadroomClass(1, new Resources(-1, 5, 0, 0), List.of()));
    refused(() -> new HeadroomClass(1, new Resources(Long.MAX_VALUE, 0, 0, 0), List.of()));
    refused(() -> PlacementPolicy.DEFAULT.withHeadroom(classes("a", 600, "b", 401)));
    refused(() -> PlacementPolicy.DEFAULT.withHeadroom(classes("Large", 1, "b", 1)));
  }

  @Test
  void slotsAskForNodesAndNotForNeighbours() {
    for (Operator operator : List.of(Operator.UNIQUE, Operator.GROUP_BY, Operator.MAX_PER)) {
      refused(() -> slotOn(operator, Optional.of("1")));
    }
    refused(() -> slotOn(Operator.CLUSTER, Optional.empty()));

    for (Operator operator :
        List.of(Operator.IS, Operator.LIKE, Operator.UNLIKE, Operator.CLUSTER)) {
      assertThat(slotOn(operator, Optional.of("a")).constraints()).hasSize(1);
    }
  }

  private static HeadroomClass slotOn(Operator operator, Optional<String> value) {
    return new HeadroomClass(1, CORE, List.of(new Constraint("zone", operator, value)));
  }

  private static SortedMap<String, HeadroomClass> classes(
      String one, int ones, String other, int others) {
    return new TreeMap<>(
        Map.of(
            one, new HeadroomClass(ones, CORE, List.of()),
            other, new HeadroomClass(others, CORE, List.of())));
  }

  private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable made) {
    assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
  }
}
