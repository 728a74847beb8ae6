package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.control.Decider;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Runs {@link Simulation} with many seeds: {@link #SEEDS} of them, or as many as
/// `-Dslipway.seeds=N` asks for, or the one of `-Dslipway.seed=N`.
class SimulationTest {
  private static final long SEEDS = 400;

  @Test
  void becomesWhatIsWantedOrSaysWhyNot() {
    Long one = Long.getLong("slipway.seed");
    if (one != null) {
      new Simulation(one, settings(), Decider::decide).run();
      return;
    }
    Seeds.all(Long.getLong("slipway.seeds", SEEDS), Decider::decide);
  }

  private static Simulation.Settings settings() {
    int turns = Integer.getInteger("slipway.turns", Simulation.TURNS);
    Set<Fault> without = EnumSet.noneOf(Fault.class);
    for (String name : System.getProperty("slipway.without", "").split(",", -1)) {
      if (!name.isEmpty()) {
        without.add(Fault.valueOf(name));
      }
    }
    return new Simulation.Settings(turns, without);
  }

  @Test
  void isTheSameEachTime() {
    var settings = Simulation.Settings.ALL;
    LongStream.range(0, 5)
        .forEach(
            seed -> {
              var one = new Simulation(seed, settings, Decider::decide);
              var other = new Simulation(seed, settings, Decider::decide);
              one.run();
              other.run();
              assertThat(one.world().journal().events())
                  .isEqualTo(other.world().journal().events());
              assertThat(one.world().timeline().steps())
                  .isEqualTo(other.world().timeline().steps());
            });
  }
}
