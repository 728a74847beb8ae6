package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What holds after every step, whatever happens.
final class Invariants {
  private Invariants() {}

  static void check(State state, List<Event> journal, VirtualEngine engine) {
    engine
        .starts()
        .forEach((task, times) -> assertThat(times).as("starts of %s", task).isEqualTo(1));
    Map<String, Resources> used = new TreeMap<>();
    Map<String, Map<Integer, InstanceId>> ports = new TreeMap<>();
    int waiting = 0;
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        assertThat(instance.condition().isTerminal()).isFalse();
        waiting += instance.place().isEmpty() ? 1 : 0;
        instance
            .place()
            .ifPresent(
                place -> {
                  var node = state.node(place.node()).orElseThrow();
                  used.merge(place.node().value(), place.resources(), Resources::plus);
                  for (int port : place.hostPorts()) {
                    var before =
                        ports
                            .computeIfAbsent(node.node().address(), key -> new TreeMap<>())
                            .put(port, instance.id());
                    assertThat(before).as("second owner of port %s", port).isNull();
                  }
                });
      }
    }
    for (var node : state.nodes().byId().values()) {
      assertThat(node.used())
          .as("what is used of %s", node.id())
          .isEqualTo(used.getOrDefault(node.id().value(), Resources.NONE));
      assertThat(node.used().fitsIn(node.node().capacity())).isTrue();
      Map<Integer, InstanceId> taken = new TreeMap<>();
      state.nodes().portsOf(node.node()).forEach(taken::put);
      assertThat(taken).isEqualTo(ports.getOrDefault(node.node().address(), Map.of()));
    }
    int counted = 0;
    for (int count : state.waiting().values()) {
      counted += count;
    }
    assertThat(counted).as("waiting instances").isEqualTo(waiting);
    state
        .locks()
        .forEach(
            (app, holder) ->
                assertThat(state.deployment(holder))
                    .as("the deployment that holds %s", app)
                    .isPresent());
    if (journal.size() % 50 == 0) {
      assertThat(Evolution.applyAll(State.EMPTY, journal)).isEqualTo(state);
    }
  }
}
