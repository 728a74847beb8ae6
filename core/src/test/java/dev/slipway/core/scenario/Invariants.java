package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What holds after every step, whatever happens.
final class Invariants {
  private Invariants() {}

  static void check(State before, Decision decision) {
    State state = decision.after();
    decision.effects().forEach(effect -> hasCause(state, effect));
    if (decision.events().isEmpty()) {
      assertThat(state).isEqualTo(before);
      return;
    }
    placesAndPorts(state);
    locks(state);
    decision.events().stream()
        .filter(Event.InstanceScheduled.class::isInstance)
        .map(event -> ((Event.InstanceScheduled) event).instance().app())
        .distinct()
        .forEach(app -> noMoreThanAllowed(before, state, app));
    tallies(state);
    decision.events().stream()
        .filter(Event.KillOrdered.class::isInstance)
        .map(Event.KillOrdered.class::cast)
        .forEach(order -> enoughStayReady(before, state, order));
    assertThat(state.platform().epoch()).isGreaterThanOrEqualTo(before.platform().epoch());
    assertThat(Evolution.applyAll(before, decision.events())).isEqualTo(state);
  }

  /// Instances are added only while there are fewer than the strategy allows.
  private static void noMoreThanAllowed(State before, State after, PathId app) {
    int there = staying(after, app);
    var formation = after.formation(app);
    if (there <= staying(before, app) || formation.isEmpty()) {
      return;
    }
    int wanted = formation.get().instances();
    double over = formation.get().app().spec().upgradeStrategy().maximumOverCapacity();
    assertThat(there)
        .as("instances of %s", app)
        .isLessThanOrEqualTo(Math.max(wanted + 1, (int) Math.floor(wanted * (1 + over))));
  }

  /// What the platform ends of its own accord leaves as many ready as the strategy asks for.
  private static void enoughStayReady(State before, State after, Event.KillOrdered order) {
    PathId app = order.instance().app();
    boolean planned =
        switch (order.kill().reason()) {
          case SCALED_DOWN, REPLACED, NODE_DRAINED -> true;
          case REQUESTED, UNHEALTHY, APP_REMOVED, EXPUNGED -> false;
        };
    var formation = after.formation(app);
    if (!planned || formation.isEmpty()) {
      return;
    }
    var spec = formation.get().app().spec();
    boolean checked = !spec.healthChecks().isEmpty();
    boolean wasReady =
        before.instance(order.instance()).filter(one -> one.isReady(checked)).isPresent();
    int minimum =
        (int)
            Math.ceil(formation.get().instances() * spec.upgradeStrategy().minimumHealthCapacity());
    if (spec.isResident()) {
      // Two instances cannot use one volume, so one has to go before the next comes.
      minimum = Math.min(minimum, formation.get().instances() - 1);
    }
    int ready = 0;
    for (Instance instance : after.instancesOf(app).values()) {
      ready += instance.isReady(checked) ? 1 : 0;
    }
    if (wasReady) {
      assertThat(ready).as("ready of %s after %s", app, order).isGreaterThanOrEqualTo(minimum);
    }
  }

  private static int staying(State state, PathId app) {
    int count = 0;
    for (Instance instance : state.instancesOf(app).values()) {
      boolean leaves =
          instance.condition() == Condition.KILLING
              || instance.condition() == Condition.UNREACHABLE_INACTIVE;
      count += leaves ? 0 : 1;
    }
    return count;
  }

  /// Nothing is ended without a recorded reason, and nothing launched that has no place.
  private static void hasCause(State state, Effect effect) {
    switch (effect) {
      case Effect.Kill kill ->
          assertThat(state.instance(kill.task().instance()).orElseThrow().kill()).isPresent();
      case Effect.Launch launch ->
          assertThat(state.instance(launch.launch().id().instance()))
              .hasValueSatisfying(instance -> assertThat(instance.place()).isPresent());
      case Effect.DestroyVolume destroy ->
          assertThat(state.nodes().volume(destroy.app(), destroy.volume()))
              .hasValueSatisfying(volume -> assertThat(volume.isCondemned()).isTrue());
      case Effect.ReportStray stray ->
          assertThat(state.instance(stray.task().instance())).isEmpty();
    }
  }

  private static void placesAndPorts(State state) {
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
                  place.volumes().forEach(volume -> isAttached(state, instance, volume));
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
    for (var volumes : state.nodes().volumes().values()) {
      for (PersistentVolume volume : volumes.values()) {
        used.merge(volume.node().value(), Resources.disk(volume.sizeBytes()), Resources::plus);
        volume
            .instance()
            .ifPresent(
                owner ->
                    assertThat(state.instance(owner).flatMap(Instance::place))
                        .hasValueSatisfying(
                            place -> assertThat(place.volumes()).contains(volume.id())));
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
  }

  private static void isAttached(State state, Instance instance, VolumeId id) {
    assertThat(state.nodes().volume(instance.app(), id))
        .as("the volume %s of %s", id, instance)
        .hasValueSatisfying(
            volume -> {
              assertThat(volume.instance()).contains(instance.id());
              assertThat(volume.node()).isEqualTo(instance.place().orElseThrow().node());
            });
  }

  /// What is counted along is what is there.
  private static void tallies(State state) {
    assertThat(state.tallies().size()).isEqualTo(state.instances().size());
    state
        .instances()
        .forEach(
            (app, instances) -> {
              int all = 0;
              int away = 0;
              int well = 0;
              int ready = 0;
              for (Instance instance : instances.values()) {
                all++;
                away +=
                    instance.condition().isUnreachable()
                            || instance.condition() == Condition.KILLING
                        ? 1
                        : 0;
                well += instance.isReady(true) ? 1 : 0;
                ready += instance.isReady(false) ? 1 : 0;
              }
              var tally = state.tally(app);
              assertThat(List.of(tally.all(), tally.away(), tally.ready(true), tally.ready(false)))
                  .as("tally of %s", app)
                  .containsExactly(all, away, well, ready);
            });
  }

  private static void locks(State state) {
    state
        .locks()
        .forEach(
            (app, holder) ->
                assertThat(state.deployment(holder))
                    .as("the deployment that holds %s", app)
                    .isPresent());
  }
}
