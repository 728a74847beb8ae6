package dev.slipway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.control.Input;
import dev.slipway.core.engine.UsageSample;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Pressure;
import dev.slipway.server.control.PressureWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// From what tasks are measured to use to the pressure that is recorded of their node.
class PressureWatchTest {
  private static final Duration ROUND = Duration.ofSeconds(5);

  private final World world = World.withNodes(2, 4);
  private final List<Input> told = new ArrayList<>();
  private final PressureWatch watch =
      new PressureWatch(
          world::state,
          input -> {
            told.add(input);
            world.tell(input);
          },
          world.usage);
  private int rounds;

  /// Rounds in which the tasks of each app use so many cores.
  private void measure(int times, Map<String, Double> cpus) {
    for (int i = 0; i < times; i++) {
      rounds++;
      world.pass(ROUND);
      List<UsageSample> samples = new ArrayList<>();
      cpus.forEach(
          (app, cores) -> {
            for (Instance instance : world.instances(app)) {
              double seconds = cores * rounds * ROUND.toSeconds();
              samples.add(
                  new UsageSample(instance.id().task(), world.now(), seconds, 1 << 20, 0, 1));
            }
          });
      world.usage.take(samples);
      watch.look(samples, world.now());
    }
  }

  private Pressure pressure(String node) {
    return world.state().node(new NodeId(node)).orElseThrow().pressure();
  }

  @Test
  void aNoisyTaskRaisesThePressureOfItsNodeAlone() {
    world.put(World.app("/noisy", 1, 1), World.app("/quiet", 3.5, 1));
    world.allRun("/noisy");
    world.allRun("/quiet");

    measure(100, Map.of("/noisy", 3.2, "/quiet", 3.0));

    assertThat(pressure("n1"))
        .isEqualTo(new Pressure(Pressure.Level.HIGH, "/noisy uses cpus 3.2 of 1 requested"));
    assertThat(pressure("n2")).isEqualTo(Pressure.NONE);
  }

  @Test
  void theLoopIsToldOfChangesAlone() {
    world.put(World.app("/noisy", 1, 1));
    world.allRun("/noisy");

    measure(200, Map.of("/noisy", 2.3));
    assertThat(told).hasSizeBetween(1, 2);

    told.clear();
    measure(200, Map.of("/noisy", 2.3));
    assertThat(told).isEmpty();
  }

  @Test
  void itFallsWhenTheTaskIsGone() {
    world.put(World.app("/noisy", 1, 1));
    world.allRun("/noisy");
    measure(100, Map.of("/noisy", 3.2));

    measure(200, Map.of());

    assertThat(pressure("n1")).isEqualTo(Pressure.NONE);
  }

  @Test
  void aServerThatStartsLeavesWhatIsRecordedUntilItHasSeenEnough() {
    var node = new NodeId("n1");
    world.tell(new Input.NodePressureSeen(node, new Pressure(Pressure.Level.HIGH, "before")));

    measure(3, Map.of());
    assertThat(pressure("n1").level()).isEqualTo(Pressure.Level.HIGH);

    measure(200, Map.of());
    assertThat(pressure("n1").level()).isEqualTo(Pressure.Level.NONE);
  }
}
