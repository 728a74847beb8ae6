package dev.slipway.core.scenario;

import dev.slipway.core.app.Resources;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.State;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// That resources, ports and volumes belong to exactly the instances that stand, and that what is
/// counted along is what is there.
final class Holdings {
  private Holdings() {}

  static void check(State state) {
    resources(state);
    devices(state);
    ports(state);
    volumes(state);
    tallies(state);
    DaemonChecks.check(state);
  }

  private static void resources(State state) {
    Map<String, Resources> used = new TreeMap<>();
    int waiting = 0;
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        Rule.PLACES.holds(!instance.condition().isTerminal(), "%s is kept", instance);
        waiting += instance.place().isEmpty() ? 1 : 0;
        instance
            .place()
            .ifPresent(
                place -> used.merge(place.node().value(), place.resources(), Resources::plus));
      }
    }
    for (var volumes : state.nodes().volumes().values()) {
      for (PersistentVolume volume : volumes.values()) {
        used.merge(volume.node().value(), Resources.disk(volume.sizeBytes()), Resources::plus);
      }
    }
    for (var node : state.nodes().byId().values()) {
      Resources own = used.getOrDefault(node.id().value(), Resources.NONE);
      Rule.PLACES.holds(node.used().equals(own), "%s, and what stands there uses %s", node, own);
      // Fewer processors may be offered than were; who stands there stays.
      Rule.PLACES.holds(
          node.used().fitsIn(RandomWishes.mostOf(node.node().capacity())), "%s is overfull", node);
    }
    int counted = 0;
    for (int count : state.waiting().values()) {
      counted += count;
    }
    Rule.PLACES.holds(counted == waiting, "%d wait, %d counted", waiting, counted);
  }

  private static void devices(State state) {
    Map<String, Map<Integer, Integer>> used = new TreeMap<>();
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        instance
            .place()
            .ifPresent(
                place -> {
                  var ofNode = used.computeIfAbsent(place.node().value(), key -> new TreeMap<>());
                  for (int device : place.devices()) {
                    ofNode.merge(device, place.ofEachDevice(), Integer::sum);
                  }
                  int had = place.devices().size() * place.ofEachDevice();
                  Rule.PLACES.holds(had == place.resources().milliGpus(), "devices of %s", place);
                });
      }
    }
    for (var node : state.nodes().byId().values()) {
      Map<Integer, Integer> taken = new TreeMap<>();
      node.devices().forEach(taken::put);
      var own = used.getOrDefault(node.id().value(), Map.of());
      Rule.PLACES.holds(taken.equals(own), "%s of the devices of %s, not %s", taken, node, own);
      for (var device : taken.entrySet()) {
        Rule.PLACES.holds(
            device.getValue() <= Resources.DEVICE && device.getKey() < node.node().devices(),
            "%s of the devices of %s",
            taken,
            node);
      }
    }
  }

  private static void ports(State state) {
    Map<String, Map<Integer, InstanceId>> ports = new TreeMap<>();
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        instance
            .place()
            .ifPresent(
                place -> {
                  var node = state.node(place.node());
                  Rule.PLACES.holds(node.isPresent(), "%s stands on no known node", instance);
                  String address = node.orElseThrow().node().address();
                  var atAddress = ports.computeIfAbsent(address, key -> new TreeMap<>());
                  for (int port : place.hostPorts()) {
                    InstanceId other = atAddress.put(port, instance.id());
                    Rule.PORTS.holds(other == null, "%d of %s and of %s", port, instance, other);
                  }
                });
      }
    }
    for (var node : state.nodes().byId().values()) {
      Map<Integer, InstanceId> taken = new TreeMap<>();
      state.nodes().portsOf(node.node()).forEach(taken::put);
      var own = ports.getOrDefault(node.node().address(), Map.of());
      Rule.PORTS.holds(taken.equals(own), "%s are taken at %s, not %s", taken, node.id(), own);
    }
  }

  private static void volumes(State state) {
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        instance
            .place()
            .ifPresent(
                place -> place.volumes().forEach(volume -> isAttached(state, instance, volume)));
      }
    }
    for (var volumes : state.nodes().volumes().values()) {
      for (PersistentVolume volume : volumes.values()) {
        volume
            .instance()
            .ifPresent(
                owner ->
                    Rule.VOLUMES.holds(
                        state
                            .instance(owner)
                            .flatMap(Instance::place)
                            .filter(place -> place.volumes().contains(volume.id()))
                            .isPresent(),
                        "%s has an owner that does not have it",
                        volume));
      }
    }
  }

  private static void isAttached(State state, Instance instance, VolumeId id) {
    Rule.VOLUMES.holds(
        state
            .nodes()
            .volume(instance.app(), id)
            .filter(volume -> volume.instance().filter(instance.id()::equals).isPresent())
            .filter(volume -> volume.node().equals(instance.place().orElseThrow().node()))
            .isPresent(),
        "%s of %s",
        id,
        instance);
  }

  /// Whether it is ready by the checks that the {@link Prober} asks.
  static boolean isReady(State state, Instance instance) {
    return instance.isReady(Prober.hasChecks(state, instance));
  }

  private static void tallies(State state) {
    Rule.TALLIES.holds(
        state.tallies().size() == state.instances().size(), "of other apps than there are");
    state
        .instances()
        .forEach(
            (app, instances) -> {
              int all = 0;
              int away = 0;
              int well = 0;
              int running = 0;
              int givenUp = 0;
              int ready = 0;
              for (Instance instance : instances.values()) {
                boolean leaves =
                    instance.condition().isUnreachable()
                        || instance.condition() == Condition.KILLING;
                all++;
                away += leaves ? 1 : 0;
                well += instance.isReady(true) ? 1 : 0;
                running += instance.isReady(false) ? 1 : 0;
                givenUp += instance.isGivenUp() ? 1 : 0;
                ready += isReady(state, instance) ? 1 : 0;
              }
              int countedWell = 0;
              int countedRunning = 0;
              for (var counts : state.tally(app).byVersion().values()) {
                countedWell += counts.well();
                countedRunning += counts.ready();
              }
              var tally = state.tally(app);
              var kept =
                  List.of(
                      tally.all(),
                      tally.away(),
                      countedWell,
                      countedRunning,
                      state.ready(app),
                      tally.givenUp());
              var there = List.of(all, away, well, running, ready, givenUp);
              Rule.TALLIES.holds(kept.equals(there), "%s of %s, not %s", kept, app, there);
            });
  }
}
